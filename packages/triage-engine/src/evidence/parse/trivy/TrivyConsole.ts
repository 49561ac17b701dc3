// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../../logs/types';
import { evidenceOf } from '../shared/evidenceOf';
import type { FindingCollector } from '../shared/FindingCollector';
import { severityOf } from '../shared/severity';
import { counted } from '../shared/stageError';
import type { ToolConsole } from '../shared/types';
import { readTrivyRow } from './readTrivyRow';
import { TrivyTable } from './TrivyTable';

const TITLE_RULE = /^={3,500}$/;
const RULE = /^═{10,500}$/;
const TOTAL = /^(?:Total|Failures): (\d{1,9}) \(/;
/** `DS-0002 (HIGH): …`, with the status where passed checks are shown too. */
const CHECK =
  /^(?:(FAIL|PASS|EXCEPTION): )?([A-Z][A-Za-z0-9]{0,20}(?:-[A-Za-z0-9]{1,20}){1,4}) \((CRITICAL|HIGH|MEDIUM|LOW|UNKNOWN)\): (.+)$/;
/** `CRITICAL: AWS (aws-access-key-id)`; before 0.51, a check without its id. */
const HEADING = /^(CRITICAL|HIGH|MEDIUM|LOW|UNKNOWN): (.+)$/;
const SECRET = /^(.{1,200}) \(([\w-]{1,100})\)$/;
const SEE = /^See (https?:\/\/\S{1,500})$/;
const PLACE = /^ (\S.{0,800}?)(?::(\d{1,9}))?(?:-(\d{1,9}))?(?: \(.{0,200})?$/;

/** Reads what Trivy prints as `table`: vulnerabilities, licences, misconfigurations, secrets. */
export class TrivyConsole implements ToolConsole {
  recognised = false;
  readonly #table = new TrivyTable(row => {
    const finding = readTrivyRow(row, this.#target);
    if (finding) {
      this.#add({
        ...finding,
        evidence: evidenceOf(this.#into.source, row.line),
      });
    }
  });
  #previous: LogLine | undefined;
  #target = '';
  /** What Trivy counted in this target, and what was read of it. */
  #total = 0;
  #read = 0;
  #pending: Finding | undefined;
  readonly #into: FindingCollector;

  constructor(into: FindingCollector) {
    this.#into = into;
  }

  write(line: LogLine): void {
    const { text } = line;
    if (text.length > 4000 || this.#table.write(line)) {
      return;
    }
    const total = /^[TF]/.test(text) ? TOTAL.exec(text) : null;
    if (text.startsWith('===') && TITLE_RULE.test(text)) {
      this.#begin(this.#previous?.text ?? '');
    } else if (text.startsWith('═') && RULE.test(text)) {
      this.#heading();
    } else if (total) {
      this.#count(Number(total[1]));
    } else if (this.#pending) {
      this.#detail(text, this.#pending);
    }
    this.#previous = line;
  }

  end(): void {
    this.#begin('');
  }

  #begin(title: string): void {
    this.#table.end();
    this.#flush();
    if (this.#total > this.#read) {
      const message = `Trivy found ${counted(this.#total, 'issue')} in ${this.#target} and the log names ${this.#read}`;
      this.#into.fail('trivy', 'findings-not-printed', message);
    }
    this.#target = title;
    this.#total = 0;
    this.#read = 0;
  }

  #count(total: number): void {
    // Without a title above it, it is another tool's.
    if (this.#target) {
      this.recognised = true;
      this.#total = total;
    }
  }

  /** A double rule stands below the heading of a check or secret. */
  #heading(): void {
    const previous = this.#previous;
    const target = this.#target;
    if (!previous || !target) {
      return;
    }
    const [, status, id, word, message] = CHECK.exec(previous.text) ?? [];
    const [, severity = word, rest = message] =
      HEADING.exec(previous.text) ?? [];
    if (!rest) {
      return;
    }
    this.#flush();
    const [, category, secret] = SECRET.exec(rest) ?? [];
    const isSecret = target.endsWith(' (secrets)') && secret !== undefined;
    if (status === undefined || status === 'FAIL') {
      this.#pending = {
        tool: 'trivy',
        kind: isSecret ? 'secret' : 'misconfiguration',
        rule: isSecret ? secret : (id ?? rest),
        severity: severityOf(severity),
        message: isSecret ? category : rest,
        file: target.slice(0, target.lastIndexOf(' (')),
        evidence: evidenceOf(this.#into.source, previous),
      };
    }
  }

  #detail(text: string, finding: Finding): void {
    const see = SEE.exec(text);
    const place = text.startsWith(` ${finding.file}`) ? PLACE.exec(text) : null;
    if (see) {
      finding.url = see[1];
      const id = see[1].slice(see[1].lastIndexOf('/') + 1);
      // Old headings have no id; the address has.
      if (finding.rule === finding.message) {
        finding.rule = id.toUpperCase();
      }
    } else if (place && finding.line === undefined) {
      finding.line = Number(place[2] ?? 0);
      finding.endLine = place[3] ? Number(place[3]) : undefined;
    } else if (finding.kind === 'secret' && !finding.extra && text.trim()) {
      finding.extra = { Category: finding.message };
      finding.message = text;
    }
  }

  #flush(): void {
    if (this.#pending) {
      this.#add(this.#pending);
      this.#pending = undefined;
    }
  }

  #add(finding: Finding): void {
    this.recognised = true;
    this.#read += 1;
    this.#into.add(finding);
  }
}
