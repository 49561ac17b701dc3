// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../../logs/types';
import { evidenceOf } from '../shared/evidenceOf';
import type { FindingCollector } from '../shared/FindingCollector';
import type { ToolConsole } from '../shared/types';

/** What `--verbose` prints of a leak; the secret's own lines are passed over. */
const FIELD =
  /^(RuleID|File|Line|Commit|Author|Date|Fingerprint|Tags|Link): {1,12}(.{1,1000})$/;
const TOTAL = /(?:^|[^A-Za-z])leaks found: (\d{1,9})\b/;
const NONE = /(?:^|[^A-Za-z])(?:no leaks found|No leaks detected)/;
/** Before version 8: `WARN[…] 3 leaks detected. …` */
const OLD_TOTAL = /\b(\d{1,9}) leaks detected/;

/** Reads what gitleaks prints: each leak with `--verbose`, else how many. */
export class GitleaksConsole implements ToolConsole {
  recognised = false;
  #leak: Map<string, string> | undefined;
  #evidence: Evidence | undefined;
  #total = 0;
  readonly #into: FindingCollector;

  constructor(into: FindingCollector) {
    this.#into = into;
  }

  write(line: LogLine): void {
    const { text } = line;
    if (text.startsWith('Finding:  ')) {
      this.#flush();
      this.#leak = new Map();
    } else if (this.#leak) {
      this.#field(line, this.#leak);
    }
    if (text.length < 300 && text.includes('leaks ')) {
      this.#count(text);
    }
  }

  end(): void {
    this.#flush();
    const hint = ': its report, or --verbose with --redact, has the rest';
    this.#into.expect('gitleaks', this.#total, hint);
  }

  #field(line: LogLine, leak: Map<string, string>): void {
    const match = FIELD.exec(line.text);
    if (match) {
      leak.set(match[1], match[2].trim());
      if (match[1] === 'RuleID') {
        this.#evidence = evidenceOf(this.#into.source, line);
      }
    } else if (line.text.trim() === '' && leak.has('RuleID')) {
      this.#flush();
    }
  }

  #count(text: string): void {
    const match = TOTAL.exec(text) ?? OLD_TOTAL.exec(text);
    if (match) {
      this.recognised = true;
      this.#total += Number(match[1]);
    } else if (NONE.test(text)) {
      this.recognised = true;
    }
  }

  #flush(): void {
    const rule = this.#leak?.get('RuleID');
    if (this.#leak && rule) {
      this.recognised = true;
      const commit = this.#leak.get('Commit');
      this.#into.add({
        tool: 'gitleaks',
        kind: 'secret',
        rule,
        severity: 'high',
        message: rule,
        file: this.#leak.get('File'),
        line: Number(this.#leak.get('Line') ?? 0),
        url: this.#leak.get('Link'),
        evidence: this.#evidence,
        extra: commit ? { Commit: commit } : undefined,
      });
    }
    this.#leak = undefined;
    this.#evidence = undefined;
  }
}
