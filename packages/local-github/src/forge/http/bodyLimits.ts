// SPDX-License-Identifier: Apache-2.0

/** What GitHub takes as a file of its contents API: 100 MB, of which base64 makes a third more; forge takes half. */
export const MAX_FILE_BYTES = 70 * 1024 * 1024;

/** The most that a push may bring; git's own limit of its packs is the same. */
export const MAX_PUSH_BYTES = 512 * 1024 * 1024;

const DEFAULT_BYTES = 1024 * 1024;

/** Where a protocol needs more than the default. */
const LARGER: Array<{ path: RegExp; bytes: number }> = [
  // A pack.
  { path: /\/git-receive-pack$/i, bytes: MAX_PUSH_BYTES },
  // A clone asks with a line for each commit that it has: git itself buffers 10 MB.
  { path: /\/git-upload-pack$/i, bytes: 10 * DEFAULT_BYTES },
  // A file of a repository, as base64 or text within JSON.
  { path: /\/contents\/|\/git\/(blobs|trees)\/?$/i, bytes: MAX_FILE_BYTES },
  // createCommitOnBranch brings files.
  { path: /^\/api\/graphql\/?$/i, bytes: MAX_FILE_BYTES },
];

/** Bytes that the body of a request to this path may have. */
export function maxBodyBytes(path: string): number {
  return LARGER.find(entry => entry.path.test(path))?.bytes ?? DEFAULT_BYTES;
}
