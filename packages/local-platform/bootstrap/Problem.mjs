// SPDX-License-Identifier: Apache-2.0

/**
 * A failure that a person can act on: what is wrong, and what to do about it. Everything else that
 * is thrown is a defect of ours and is shown with its stack.
 */
export class Problem extends Error {
  /**
   * @param {string} what One sentence that names the thing.
   * @param {string | string[]} remedy What to do, one line each.
   * @param {{ detail?: string[], log?: string, cause?: unknown }} [more] Last lines of the part that failed, and its log.
   */
  constructor(what, remedy, more = {}) {
    super(what, { cause: more.cause });
    this.name = 'Problem';
    /** @type {string[]} */
    this.remedy = Array.isArray(remedy) ? remedy : [remedy];
    /** @type {string[]} */
    this.detail = more.detail ?? [];
    /** @type {string | undefined} */
    this.log = more.log;
  }

  /** The message as it is printed: the thing, the evidence, the remedy. */
  format() {
    return [
      this.message,
      ...this.detail.map(line => `  | ${line}`),
      ...this.remedy.map(line => `  ${line}`),
      ...(this.log ? [`  Log: ${this.log}`] : []),
    ].join('\n');
  }
}

/**
 * What a person can do about an answer of the file system.
 *
 * @type {Record<string, string>}
 */
const FILE_REMEDIES = {
  EACCES:
    'Make it writable for you, or name another folder (--state, GREENROOM_CACHE_DIR).',
  EPERM:
    'Make it writable for you, or name another folder (--state, GREENROOM_CACHE_DIR).',
  EROFS:
    'That disk is read-only: name a folder on another (--state, GREENROOM_CACHE_DIR).',
  ENOTDIR:
    'A file is where a folder is needed: remove it, or name another folder (--state, GREENROOM_CACHE_DIR).',
  ENOSPC: 'The disk is full: make room, then run the command again.',
  EDQUOT: 'Your quota is used up: make room, then run the command again.',
};

/** @param {unknown} error @returns {Problem | undefined} */
function fileProblem(error) {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const { code = '', path } = /** @type {NodeJS.ErrnoException} */ (error);
  const remedy = FILE_REMEDIES[code];
  // A full disk is reported without a path when a file that is open already is written.
  return remedy && (path || code === 'ENOSPC' || code === 'EDQUOT')
    ? new Problem(
        `${path ?? 'A file'} cannot be written or read: ${error.message}`,
        remedy,
        { cause: error },
      )
    : undefined;
}

/**
 * Prints a failure for a person and answers the exit code that goes with it.
 *
 * @param {unknown} error
 * @param {{ write(text: string): unknown }} [stream]
 * @returns {number}
 */
export function reportFailure(error, stream = process.stderr) {
  // Compared by name: the TypeScript stage may have loaded a second copy of this module.
  if (error instanceof Error && error.name === 'Problem') {
    stream.write(`\n✗ ${/** @type {Problem} */ (error).format()}\n`);
    return 1;
  }
  const problem = fileProblem(error);
  if (problem) {
    stream.write(`\n✗ ${problem.format()}\n`);
    return 1;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  stream.write(`\n✗ Greenroom failed in a way nobody foresaw:\n${stack}\n`);
  return 1;
}
