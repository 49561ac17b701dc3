// SPDX-License-Identifier: Apache-2.0

/** A branch, tag or commit: words between slashes, dots and hyphens, or the digits of a hash. */
const REVISION = /^[\w./ -]{1,100}$/;

const WORD = /^[a-z]{1,16}$/i;

const SWITCH = /^(0|1|true|false|yes|no)?$/i;

const NUMBER = /^[0-9.]{1,20}$/;

/**
 * What of an address's query may be stored, and what its value looks like: names
 * that say which state or form of a file is meant, and never who may read it.
 */
const ALLOWED: Record<string, RegExp> = {
  at: REVISION,
  branch: REVISION,
  ref: REVISION,
  version: REVISION,
  alt: WORD,
  format: WORD,
  output: WORD,
  raw: SWITCH,
  dl: SWITCH,
  download: SWITCH,
  single: SWITCH,
  gid: NUMBER,
};

/** With what the tokens of well-known services begin. */
const TOKEN_HEAD =
  /^(gh[pousr]_|github_pat_|gl[a-z]{2,6}-|xox[a-z]-|sk-[A-Za-z0-9]{16}|hf_|npm_|pypi-|dop_v1_|eyJ|AKIA|ASIA|AIza|ya29\.|SG\.)/;

const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** No word of a branch is as long as a token and has both letters and digits. */
function looksLikeSecret(value: string): boolean {
  if (COMMIT.test(value)) {
    return false;
  }
  return (
    TOKEN_HEAD.test(value) ||
    value
      .split(/[./ -]/)
      .some(
        word => word.length >= 20 && /[0-9]/.test(word) && /[a-z]/i.test(word),
      )
  );
}

/**
 * An address as it may be stored, and what it lost.
 *
 * @public
 */
export interface StoredUrl {
  url: string;
  /** The names of the parameters that were left out, and `#` for a fragment. */
  dropped: string[];
}

/**
 * An address without what may open what is closed: user, password and fragment
 * go, and every parameter of the query that is not known to be harmless, by its
 * name and by its value. What the path holds stays.
 *
 * @param address - an absolute http(s) address
 * @param allow - names that are harmless here, too; their values are looked at
 * @throws TypeError when the address is none
 * @public
 */
export function toStoredUrl(
  address: string,
  options: { allow?: readonly string[] } = {},
): StoredUrl {
  const url = new URL(address);
  const extra = new Set(options.allow);
  const dropped = url.hash ? ['#'] : [];
  url.username = '';
  url.password = '';
  url.hash = '';
  const kept = new URLSearchParams();
  for (const [name, value] of url.searchParams) {
    const shape = Object.hasOwn(ALLOWED, name)
      ? ALLOWED[name]
      : extra.has(name) && REVISION;
    if (shape && shape.test(value) && !looksLikeSecret(value)) {
      kept.append(name, value);
    } else {
      dropped.push(name);
    }
  }
  // Untouched where nothing is lost, so that it stays what the server knows.
  if (dropped.some(name => name !== '#')) {
    url.search = kept.toString();
  }
  return { url: url.href, dropped };
}

/**
 * A text, such as a failure's message, without what an address in it holds back:
 * its query, user and password, as a whole and value by value.
 *
 * @public
 */
export function hideUrlSecrets(text: string, address: string): string {
  const url = new URL(address);
  const { dropped } = toStoredUrl(address);
  const values = [...url.searchParams]
    .filter(([name]) => dropped.includes(name))
    .flatMap(([name, value]) => [
      value,
      encodeURIComponent(value),
      // A parameter without a value may be the secret itself.
      ...(value ? [] : [name]),
    ]);
  // As it was typed, which decoding and encoding need not give again.
  const typed = url.search
    .slice(1)
    .split('&')
    .map(part => part.slice(part.indexOf('=') + 1));
  const held = dropped.length > 0 ? [url.search, ...values, ...typed] : [];
  return [...held, url.username, url.password, url.hash]
    .filter(secret => secret.length > 3)
    .sort((a, b) => b.length - a.length)
    .reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
}
