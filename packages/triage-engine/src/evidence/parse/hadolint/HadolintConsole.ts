// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../../logs/types';
import { evidenceOf } from '../shared/evidenceOf';
import type { FindingCollector } from '../shared/FindingCollector';
import { hadolintSeverity } from '../shared/severity';
import type { ToolConsole } from '../shared/types';
import { hadolintUrl } from './parseHadolint';

/** `Dockerfile:3 DL3008 warning: …`; before 2.0 without the level. */
const TTY =
  /^([^\s:][^:]{0,500}|[A-Z]:[^:]{1,500}):(\d{1,9}) ((?:DL|SC)\d{4}) (?:(error|warning|info|style): )?(.+)$/;
/** `hadolint:Dockerfile:3: DL3008 warning: …`, the format `gnu`. */
const GNU =
  /^hadolint:(.{1,500}?):(\d{1,9}):(?:\d{1,9}:)? ((?:DL|SC)\d{4}) (?:(error|warning|info|style): )?(.+)$/;

/** Reads what hadolint's `tty` and `gnu` print. */
export class HadolintConsole implements ToolConsole {
  recognised = false;
  readonly #into: FindingCollector;

  constructor(into: FindingCollector) {
    this.#into = into;
  }

  write(line: LogLine): void {
    if (!line.text.includes(' DL') && !line.text.includes(' SC')) {
      return;
    }
    const match = GNU.exec(line.text) ?? TTY.exec(line.text);
    if (match) {
      this.recognised = true;
      const [, file, number, rule, level, message] = match;
      this.#into.add({
        tool: 'hadolint',
        kind: 'misconfiguration',
        rule,
        severity: hadolintSeverity(level),
        message,
        // `-` is what came by standard input.
        file: file === '-' ? undefined : file,
        line: Number(number),
        url: hadolintUrl(rule),
        evidence: evidenceOf(this.#into.source, line),
      });
    }
  }

  end(): void {}
}
