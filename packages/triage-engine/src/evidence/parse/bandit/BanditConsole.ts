// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../../logs/types';
import { evidenceOf } from '../shared/evidenceOf';
import type { FindingCollector } from '../shared/FindingCollector';
import { severityOf } from '../shared/severity';
import type { ToolConsole } from '../shared/types';
import { hidePassword, holdsPassword } from './hidePassword';

const ISSUE = /^>> Issue: (?:\[([A-Z]\d{1,4})(?::[^\]]{0,100})?\] )?(.*)$/;
const RATING = /^\s{1,8}Severity: (\w{1,20})\s{1,8}Confidence: (\w{1,20})/;
const CWE = /^\s{1,8}CWE: (CWE-\d{1,5})/;
const MORE = /^\s{1,8}More Info: (\S{1,500})/i;
/** `path:line` and, since 1.7, `:column` from 0. */
const LOCATION =
  /^\s{1,8}Location: (.{1,1000}?)(?::(\d{1,9}))?(?::(\d{1,9}))?$/;
/** The template that `--format custom` has unless told. */
const CUSTOM =
  /^([^:]{1,500}|[A-Z]:[^:]{1,500}):(\d{1,9}): ([A-Z]\d{1,4})\[bandit\]: (\w{1,20}): (.*)$/;
const SKIPPED = /^\s{1,8}(\S.{0,1000}) \((.{1,300})\)$/;

/** Reads what bandit's `txt`, `screen` and `custom` print. */
export class BanditConsole implements ToolConsole {
  recognised = false;
  #issue: Finding | undefined;
  #skipping = false;
  readonly #into: FindingCollector;

  constructor(into: FindingCollector) {
    this.#into = into;
  }

  write(line: LogLine): void {
    const { text } = line;
    if (this.#skipping && this.#skippedFile(text)) {
      return;
    }
    if (text.startsWith('>> Issue: ')) {
      this.#start(line);
    } else if (this.#issue) {
      this.#detail(line, this.#issue);
    } else if (text.startsWith('Files skipped (')) {
      this.#skipping = true;
    } else if (text.includes('[bandit]: ')) {
      this.#custom(line);
    } else if (
      text.startsWith('\tNo issues identified.') ||
      text.startsWith('No issues identified.') ||
      text.startsWith('\tTotal lines of code: ')
    ) {
      this.recognised = true;
    }
  }

  end(): void {
    this.#flush();
  }

  #start(line: LogLine): void {
    this.#flush();
    const [, rule = '', message = ''] = ISSUE.exec(line.text) ?? [];
    this.#issue = {
      tool: 'bandit',
      kind: 'sast',
      rule,
      severity: 'unknown',
      message: hidePassword(rule, message),
      evidence: holdsPassword(rule)
        ? undefined
        : evidenceOf(this.#into.source, line),
    };
  }

  #detail(line: LogLine, issue: Finding): void {
    const { text } = line;
    const rating = RATING.exec(text);
    const location = LOCATION.exec(text);
    if (rating) {
      issue.severity = severityOf(rating[1]);
      issue.extra = { issue_confidence: rating[2].toUpperCase() };
    } else if (location) {
      issue.file = location[1];
      issue.line = Number(location[2] ?? 0);
      issue.column = location[3] ? Number(location[3]) + 1 : undefined;
      issue.evidence ??= evidenceOf(this.#into.source, line);
    } else if (CWE.test(text)) {
      issue.identifiers = [CWE.exec(text)?.[1] ?? ''];
    } else if (MORE.test(text)) {
      issue.url = MORE.exec(text)?.[1];
    } else {
      this.#flush();
    }
  }

  #custom(line: LogLine): void {
    const match = CUSTOM.exec(line.text);
    if (match) {
      const [, file, number, rule, severity, message] = match;
      const evidence = evidenceOf(this.#into.source, line);
      const start = evidence.quote.indexOf('[bandit]: ');
      this.#add({
        tool: 'bandit',
        kind: 'sast',
        rule,
        severity: severityOf(severity),
        message: hidePassword(rule, message),
        file,
        line: Number(number),
        evidence: holdsPassword(rule)
          ? { ...evidence, quote: evidence.quote.slice(0, start) }
          : evidence,
      });
    }
  }

  #skippedFile(text: string): boolean {
    const match = SKIPPED.exec(text);
    this.#skipping = match !== null;
    if (match) {
      const message = `bandit did not scan ${match[1]}: ${match[2]}`;
      this.#into.fail('bandit', 'file-not-scanned', message);
    }
    return this.#skipping;
  }

  #flush(): void {
    if (this.#issue) {
      this.#add(this.#issue);
      this.#issue = undefined;
    }
  }

  #add(finding: Finding): void {
    this.recognised = true;
    this.#into.add(finding);
  }
}
