// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../../logs/types';
import type { FindingCollector } from '../shared/FindingCollector';
import type { ToolConsole } from '../shared/types';
import { detectTool } from './detectTool';
import { parseJson } from './parseJson';

const MAX_CHARACTERS = 4 * 1024 * 1024;
const MAX_QUOTE = 200;
/** How a report starts: in one line, or with the bracket alone. */
const ONE_LINE = /^(?:\{"|\[\{")/;
const OPENING = /^(?:\[|\{|\[\{)$/;
const CLOSING = /^(?:\]|\}|\}\])$/;
/** One of these is in every report that is known. */
const KEYS =
  /"(?:results|SchemaVersion|ClusterName|vulnerabilities|vulns|skip_reason|runs|RuleID|offender|code|check_name|Target|line_number|greenroom\.gate\.passed)"/;

/**
 * Reads reports that a tool prints as JSON instead of into a file: of one line,
 * or from a line that is an opening bracket to one that closes it. Holds one at
 * a time, of 4 Mi characters at most.
 */
export class ConsoleJson implements ToolConsole {
  recognised = false;
  #lines: LogLine[] | undefined;
  #size = 0;
  readonly #into: FindingCollector;

  constructor(into: FindingCollector) {
    this.#into = into;
  }

  write(line: LogLine): void {
    const { text } = line;
    if (this.#lines) {
      this.#add(line, this.#lines);
      return;
    }
    const first = text.charCodeAt(0);
    // '{' and '['
    if (first !== 123 && first !== 91) {
      return;
    }
    if (OPENING.test(text)) {
      this.#lines = [line];
      this.#size = 0;
    } else if (ONE_LINE.test(text) && KEYS.test(text)) {
      this.#read([line]);
    }
  }

  end(): void {}

  #add(line: LogLine, lines: LogLine[]): void {
    const { text } = line;
    lines.push(line);
    this.#size += text.length;
    if (CLOSING.test(text)) {
      // A bracket that closes nothing, as in code, is the end all the same.
      this.#read(lines);
      this.#lines = undefined;
    } else if (this.#size > MAX_CHARACTERS) {
      this.#lines = undefined;
    } else if (OPENING.test(text)) {
      this.#lines = [line];
      this.#size = 0;
    }
  }

  #read(lines: LogLine[]): void {
    const text = lines.map(line => line.text).join('\n');
    if (!KEYS.test(text)) {
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // Else it is code, or a value of another language.
      if (lines.some(line => line.cutFrom !== undefined)) {
        this.#into.fail(
          'parse',
          'broken-report',
          `What looks like a report at line ${lines[0].number} is longer than a line that is kept`,
        );
      }
      return;
    }
    const tool = detectTool(value);
    const parsed = tool && parseJson(value, tool, this.#into.source);
    if (parsed) {
      this.recognised = true;
      for (const finding of this.#prove(parsed.findings, lines)) {
        this.#into.add(finding);
      }
      for (const { stage, code, message } of parsed.errors) {
        this.#into.fail(stage, code, message);
      }
    }
  }

  /** The line where each finding's rule stands: findings come in their order. */
  #prove(findings: Finding[], lines: LogLine[]): Finding[] {
    let at = 0;
    return findings.map(finding => {
      const rule = JSON.stringify(finding.rule);
      let next = at;
      while (next < lines.length && !lines[next].text.includes(rule)) {
        next += 1;
      }
      if (next === lines.length) {
        return finding;
      }
      at = lines.length > 1 ? next + 1 : 0;
      const { text, number } = lines[next];
      const whole = text.trim();
      // Of a secret no more than the rule: the rest of the line may hold it.
      const isShort = finding.kind !== 'secret' && whole.length <= MAX_QUOTE;
      const quote = isShort ? whole : rule;
      return {
        ...finding,
        evidence: { source: this.#into.source, line: number, quote },
      };
    });
  }
}
