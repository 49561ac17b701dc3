// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../logs/types';
import { ConsoleJson } from './report/ConsoleJson';
import { createConsoles } from './report/createConsoles';
import { FindingCollector } from './shared/FindingCollector';
import type { ToolConsole } from './shared/types';
import type { ConsoleReader, ParseResult } from './types';

const MAX_FINDINGS = 5000;
/** How GitHub shows what a step prints as `::error::…`. */
const COMMAND =
  /^(?:##\[(?:error|warning|notice)\]|::(?:error|warning|notice)[^:]{0,500}::)/;

/**
 * Reads what flake8, bandit, Snyk, gitleaks, Trivy, pip-audit, hadolint and the
 * gate print into the log of a step, as text or as JSON, with the line that
 * proves each finding.
 *
 * Takes plain lines (no time stamps, no colours) in the order of the log. Holds
 * the findings, of which it keeps 5000, and at most one JSON value at a time.
 */
export class ScanConsoleReader implements ConsoleReader {
  readonly #into: FindingCollector;
  readonly #consoles: ToolConsole[];

  constructor(options: { source: string }) {
    this.#into = new FindingCollector(options.source, MAX_FINDINGS);
    this.#consoles = [
      ...createConsoles(this.#into),
      new ConsoleJson(this.#into),
    ];
  }

  write(line: LogLine): void {
    const first = line.text.charCodeAt(0);
    // '#' and ':'
    const text =
      first === 35 || first === 58 ? line.text.replace(COMMAND, '') : line.text;
    const plain = text === line.text ? line : { ...line, text };
    for (const console of this.#consoles) {
      console.write(plain);
    }
  }

  end(): ParseResult {
    for (const console of this.#consoles) {
      console.end();
    }
    return { ...this.#into.end(), tests: [] };
  }
}
