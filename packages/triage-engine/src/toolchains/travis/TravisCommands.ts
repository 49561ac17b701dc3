// SPDX-License-Identifier: Apache-2.0
import { readTravisMarker } from './readTravisMarker';

const MAX_COMMANDS = 500;

/** The commands that a log of Travis echoes, which has no other sign of its steps. */
export class TravisCommands {
  readonly #echoes: Array<{ line: number; command: string }> = [];
  #afterPassed = 1;

  write(line: number, text: string): void {
    if (text.startsWith('$ ')) {
      if (this.#echoes.length >= MAX_COMMANDS) {
        this.#echoes.splice(0, MAX_COMMANDS / 2);
      }
      this.#echoes.push({ line, command: text.slice(2, 300) });
    } else if (text.startsWith('The command "') && !readTravisMarker(text)) {
      this.#afterPassed = line + 1;
    }
  }

  /** The line at which a command begins: where it is echoed, or behind one that passed. */
  startOf(command: string): number {
    const echo = this.#echoes.findLast(each =>
      command.startsWith(each.command),
    );
    return echo?.line ?? this.#afterPassed;
  }
}
