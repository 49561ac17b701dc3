// SPDX-License-Identifier: Apache-2.0

/** The address, if a browser may follow it: tags and parameters are not trusted. @public */
export function toSafeUrl(url: string | undefined) {
  if (!url || !URL.canParse(url)) {
    return undefined;
  }
  const { protocol } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? url : undefined;
}

/** A commit as people name it. @public */
export function shortenCommit(sha: string) {
  return sha.slice(0, 7);
}
