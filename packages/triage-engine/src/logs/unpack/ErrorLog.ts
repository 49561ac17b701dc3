import type { StageError } from '@greenroom/plugin-triage-common';

/** Longer lists help nobody; an archive can hold 65,535 bad names. */
const MAX_ERRORS = 100;

/** Collects what could not be read; the same thing once, however often it is read. */
export class ErrorLog {
  readonly errors: StageError[] = [];
  readonly #seen = new Set<string>();
  readonly #sources = new Set<string>();

  /** Whether something of this source could not be read. */
  concerns(source: string): boolean {
    return this.#sources.has(source);
  }

  add(code: string, message: string, source?: string): void {
    if (source !== undefined) {
      this.#sources.add(source);
    }
    const key = JSON.stringify([code, source]);
    if (this.#seen.has(key) || this.errors.length > MAX_ERRORS) {
      return;
    }
    this.#seen.add(key);
    this.errors.push(
      this.errors.length < MAX_ERRORS
        ? {
            stage: 'unpack',
            ...(source !== undefined && { source }),
            code,
            message,
          }
        : {
            stage: 'unpack',
            code: 'too-many-errors',
            message: `More than ${MAX_ERRORS} things could not be read; the rest is not listed`,
          },
    );
  }
}
