// SPDX-License-Identifier: Apache-2.0

// Owner and repository names become directories, and refs become arguments of
// git: what these rules refuse never reaches the file system or a command line.

const LOGIN = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i;
const REPOSITORY = /^[\w.-]{1,100}$/;

// First path segments that are forge's own.
const RESERVED_LOGINS = new Set(['api', 'raw', 'avatars', 'login', 'orgs']);

/** GitHub's rule for logins: letters, digits and single inner hyphens, 39 at most. */
export function isLogin(value: string): boolean {
  return LOGIN.test(value) && !RESERVED_LOGINS.has(value.toLowerCase());
}

/** GitHub's rule for repository names: `[A-Za-z0-9_.-]`, 100 at most, not `.`, `..`, `*.git` or `*.wiki`. */
export function isRepositoryName(value: string): boolean {
  return (
    REPOSITORY.test(value) &&
    value !== '.' &&
    value !== '..' &&
    !/\.(git|wiki)$/i.test(value)
  );
}

// eslint-disable-next-line no-control-regex
const FORBIDDEN_IN_REF = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/$|^\/|\.$/;

/** The rules of `git check-ref-format`, and no leading hyphen. */
export function isRefName(value: string): boolean {
  return (
    value.length > 0 &&
    value.length <= 255 &&
    !value.startsWith('-') &&
    value !== '@' &&
    !FORBIDDEN_IN_REF.test(value) &&
    value
      .split('/')
      .every(part => !part.startsWith('.') && !part.endsWith('.lock'))
  );
}

/** A full object id. */
export function isSha(value: string): boolean {
  return /^[0-9a-f]{40}$/.test(value);
}

/** A file's path in a tree as a client may write it: relative, no `.`/`..`/`.git` segments, no NUL. */
export function isTreePath(value: string): boolean {
  return (
    value.length > 0 &&
    value.length <= 4096 &&
    !value.includes('\0') &&
    !value.includes('\n') &&
    value
      .split('/')
      .every(part => part !== '' && !/^(\.|\.\.|\.git|git~1)$/i.test(part))
  );
}
