// SPDX-License-Identifier: Apache-2.0
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import path from 'node:path';
import { isInside, type Mount } from './jobView';

/**
 * The files of a job for the runner's own code, which reads and writes some in its place: a link that a step has made must not
 * lead that code to what the step could not reach itself.
 */
export class JobFiles {
  readonly #mounts: Mount[];

  /** @param mounts - what the job sees, outer ones first; empty if nothing is kept from it */
  constructor(mounts: Mount[]) {
    this.#mounts = mounts;
  }

  /** Where a file that the job names is outside of its view; undefined if it is not in it. */
  locate(file: string): string | undefined {
    const mount = this.#mountOf(file);
    if (!mount) {
      return file;
    }
    return (
      mount.source && path.join(mount.source, path.relative(mount.path, file))
    );
  }

  /**
   * Opens a regular file for reading; the caller closes it.
   * @throws if there is none, or the job could not read it.
   */
  open(file: string): number {
    const located = this.locate(file);
    if (located === undefined) {
      throw outside(file);
    }
    const handle = openSync(
      located,
      // A pipe must not hold the runner up.
      constants.O_RDONLY | constants.O_NONBLOCK,
    );
    try {
      // What was opened counts, not what the name says by now.
      const opened = realpathSync(
        process.platform === 'linux' ? `/proc/self/fd/${handle}` : located,
      );
      if (this.locate(opened) !== opened || !fstatSync(handle).isFile()) {
        throw outside(file);
      }
      return handle;
    } catch (error) {
      closeSync(handle);
      throw error;
    }
  }

  /** The content of a file. @throws as {@link open} */
  read(file: string): Buffer {
    const handle = this.open(file);
    try {
      return readFileSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  /**
   * A path that the runner is about to write to in the job's place.
   * @throws if links lead it to where the job could not write.
   */
  writable(file: string): string {
    let existing = file;
    let real: string | undefined;
    while (real === undefined) {
      try {
        real = realpathSync(existing);
      } catch {
        existing = path.dirname(existing);
      }
    }
    const mount = this.#mountOf(real);
    if (
      this.#mounts.length > 0 &&
      (!mount?.writable || this.locate(real) !== real)
    ) {
      throw outside(file);
    }
    return file;
  }

  #mountOf(file: string): Mount | undefined {
    return this.#mounts.findLast(mount => isInside(file, mount.path));
  }
}

function outside(file: string): Error {
  return new Error(`'${file}' is not a file that this job can open`);
}
