// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../../logs/types';
import { evidenceOf } from '../shared/evidenceOf';
import type { FindingCollector } from '../shared/FindingCollector';
import type { ToolConsole } from '../shared/types';
import { flake8Severity } from './flake8Severity';

/**
 * `%(path)s:%(row)d:%(col)d: %(code)s %(text)s`; codes as flake8 lets plugins
 * have them: one to three letters and up to three digits, and longer ones that
 * some emit (`ASYNC100`).
 */
const DEFAULT =
  /^((?:[A-Za-z]:)?[^\s:][^:]{0,500}):(\d{1,9}):(\d{1,9}): ([A-Z]{1,8}\d{1,4}) (.+)$/;
/** `%(path)s:%(row)d: [%(code)s] %(text)s` */
const PYLINT =
  /^((?:[A-Za-z]:)?[^\s:][^:]{0,500}):(\d{1,9}): \[([A-Z]{1,8}\d{1,4})\] (.+)$/;

/** Reads what flake8's formats `default` and `pylint` print. */
export class Flake8Console implements ToolConsole {
  recognised = false;
  readonly #into: FindingCollector;

  constructor(into: FindingCollector) {
    this.#into = into;
  }

  write(line: LogLine): void {
    const colon = line.text.indexOf(': ');
    const before = line.text.charCodeAt(colon - 1);
    if (colon < 3 || colon > 600 || before < 48 || before > 57) {
      return;
    }
    const match = DEFAULT.exec(line.text);
    if (match) {
      const [, file, row, column, rule, message] = match;
      this.#add(line, { file, row, rule, message, column: Number(column) });
      return;
    }
    const pylint = PYLINT.exec(line.text);
    if (pylint) {
      const [, file, row, rule, message] = pylint;
      this.#add(line, { file, row, rule, message });
    }
  }

  end(): void {}

  #add(
    line: LogLine,
    violation: {
      file: string;
      row: string;
      rule: string;
      message: string;
      column?: number;
    },
  ): void {
    const { file, row, rule, message, column } = violation;
    // A time of day looks alike.
    if (!/[./\\]|^stdin$/.test(file)) {
      return;
    }
    this.recognised = true;
    this.#into.add({
      tool: 'flake8',
      kind: 'lint',
      rule,
      severity: flake8Severity(rule),
      message,
      file,
      line: Number(row),
      column,
      evidence: evidenceOf(this.#into.source, line),
    });
  }
}
