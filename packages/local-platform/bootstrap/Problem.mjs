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
  const stack = error instanceof Error ? error.stack : String(error);
  stream.write(`\n✗ Greenroom failed in a way nobody foresaw:\n${stack}\n`);
  return 1;
}
