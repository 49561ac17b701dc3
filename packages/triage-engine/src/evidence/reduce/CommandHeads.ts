// SPDX-License-Identifier: Apache-2.0
import type { ScannedLine } from './CandidateCollector';

/** The first lines of a script say what a step is there for. */
const SCRIPT_HEAD = 4;

/** A command as shells, Travis, npm and GitHub's actions write it above what it prints. */
const COMMAND = /^(?:\+{1,4} |\$ |> (?!Task )|(?:##)?\[command\])\S/;

/**
 * What was running, held until something fails: the head of the step's script, and
 * the last command that was printed. A log that passed has both too, and still they
 * say what the error below them is about.
 */
export class CommandHeads {
  #script: ScannedLine[] = [];
  #isInScript = false;
  #command: ScannedLine | undefined;
  readonly #release: (scanned: ScannedLine) => void;

  /** @param release - takes back what went well after all, as something else is running */
  constructor(release: (scanned: ScannedLine) => void) {
    this.#release = release;
  }

  /** @returns whether the line is of a script's head, which is held here alone */
  holdScript(scanned: ScannedLine): boolean {
    const isScript = scanned.kind === 'script';
    if (isScript && !this.#isInScript) {
      this.#script.forEach(this.#release);
      this.#script = [];
    }
    this.#isInScript = isScript;
    if (!isScript || this.#script.length === SCRIPT_HEAD) {
      return false;
    }
    this.#script.push(scanned);
    return true;
  }

  /** @returns whether the line is a command, which is held here alone */
  holdCommand(scanned: ScannedLine): boolean {
    if (scanned.kind === 'cleanup' || !COMMAND.test(scanned.line.text)) {
      return false;
    }
    if (this.#command) {
      this.#release(this.#command);
    }
    this.#command = scanned;
    return true;
  }

  /** What was running when it failed, once. */
  take(): ScannedLine[] {
    const heads = [...this.#script];
    if (this.#command) {
      heads.push(this.#command);
    }
    this.#script = [];
    this.#command = undefined;
    return heads;
  }
}
