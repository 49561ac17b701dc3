// SPDX-License-Identifier: Apache-2.0

/** Percent-encodes a path but keeps its slashes, as GitHub's URLs do. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
