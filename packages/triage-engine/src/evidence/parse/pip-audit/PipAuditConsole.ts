// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../../logs/types';
import { evidenceOf } from '../shared/evidenceOf';
import type { FindingCollector } from '../shared/FindingCollector';
import type { ToolConsole } from '../shared/types';
import { advisoryUrl, pipAuditMessage, skippedMessage } from './parsePipAudit';

const HEADER = /^Name {1,200}Version {1,200}ID {1,200}Fix Versions/;
const MARKDOWN = /^Name \| Version \| ID \| Fix Versions/;
const SKIPPED = /^Name {1,200}Skip Reason/;
const TOTAL = /^Found (\d{1,9}) known vulnerabilit/;
const LINK = /\[([^[\]]{1,300})\]\([^()\s]{1,500}\)/g;
const RULE = /^-{2,300}(?: -{2,5000}){1,7} *$/;
/** Package names and versions, as Python's packaging has them. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/;

/** Reads pip-audit's `columns` (also with fixes, aliases, descriptions) and `markdown`. */
export class PipAuditConsole implements ToolConsole {
  recognised = false;
  #total = 0;
  readonly #skipped: string[] = [];
  /** What the columns are called, and where they start. */
  #header = '';
  #table: 'none' | 'head' | 'vulnerabilities' | 'skipped' = 'none';
  #starts: number[] = [];
  readonly #into: FindingCollector;

  constructor(into: FindingCollector) {
    this.#into = into;
  }

  write(line: LogLine): void {
    const { text } = line;
    if (this.#table === 'none') {
      this.#begin(text);
    } else if (this.#table === 'head') {
      this.#rule(text);
    } else if (!this.#row(line)) {
      this.#table = 'none';
      this.#begin(text);
    }
  }

  end(): void {
    this.#into.expect('pip-audit', this.#total, '');
    if (this.#skipped.length > 0) {
      const message = skippedMessage(this.#skipped);
      this.#into.fail('pip-audit', 'dependencies-skipped', message);
    }
  }

  #begin(text: string): void {
    if (!/^[FN]/.test(text)) {
      return;
    }
    const total = TOTAL.exec(text)?.[1];
    if (total || text.startsWith('No known vulnerabilities found')) {
      this.recognised = true;
      this.#total += Number(total ?? 0);
    } else if (
      text.startsWith('Name ') &&
      (HEADER.test(text) || MARKDOWN.test(text) || SKIPPED.test(text))
    ) {
      this.#header = text;
      this.#table = 'head';
    }
  }

  #rule(text: string): void {
    const markdown = text.startsWith('--- | ---');
    if (!markdown && !RULE.test(text)) {
      this.#table = 'none';
      return;
    }
    this.recognised = true;
    this.#starts = [];
    for (let at = 0; at >= 0 && !markdown; at = nextStart(text, at)) {
      this.#starts.push(at);
    }
    this.#table = SKIPPED.test(this.#header) ? 'skipped' : 'vulnerabilities';
  }

  #row(line: LogLine): boolean {
    const cells = this.#cells(line.text);
    const [name, version, id, fixes = ''] = cells;
    if (!name || !NAME.test(name) || !version) {
      return false;
    }
    if (this.#table === 'skipped') {
      this.#skipped.push(name);
      return true;
    }
    if (!id || !/^[A-Z][A-Za-z0-9-]{2,60}$/.test(id)) {
      return false;
    }
    const versions = fixes
      .split(',')
      .map(each => each.trim())
      .filter(Boolean);
    const aliases = this.#cells(this.#header).indexOf('Aliases');
    this.#into.add({
      tool: 'pip-audit',
      kind: 'sca',
      rule: id,
      severity: 'unknown',
      message: pipAuditMessage(name, version, id, versions),
      package: name,
      version,
      fixedVersion: versions[0],
      identifiers: [
        id,
        ...(cells[aliases] ?? '').split(',').map(each => each.trim()),
      ],
      url: advisoryUrl(id),
      evidence: evidenceOf(this.#into.source, line),
    });
    return true;
  }

  #cells(text: string): string[] {
    if (this.#starts.length === 0) {
      // Markdown, with links.
      const plain = text.slice(0, 10_000).replace(LINK, '$1');
      return plain.split(' | ').map(each => each.trim());
    }
    return this.#starts.map((start, index) =>
      text.slice(start, this.#starts[index + 1]).trim(),
    );
  }
}

function nextStart(text: string, from: number): number {
  const space = text.indexOf(' ', from);
  return space < 0 || space + 1 >= text.trimEnd().length ? -1 : space + 1;
}
