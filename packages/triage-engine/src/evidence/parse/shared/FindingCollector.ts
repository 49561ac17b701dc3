// SPDX-License-Identifier: Apache-2.0
import type {
  Finding,
  FindingTool,
  StageError,
} from '@greenroom/plugin-triage-common';
import { createFinding } from './createFinding';
import { counted, stageError } from './stageError';
import type { ToolResult } from './types';

const MAX_ERRORS = 100;

/** What the consoles of all tools found in one source, in bounded memory. */
export class FindingCollector {
  readonly #findings: Finding[] = [];
  readonly #errors: StageError[] = [];
  readonly #counts = new Map<FindingTool, number>();
  #left = 0;
  readonly source: string;
  readonly #maxFindings: number;

  constructor(source: string, maxFindings: number) {
    this.source = source;
    this.#maxFindings = maxFindings;
  }

  add(finding: Finding): void {
    this.#counts.set(finding.tool, this.countOf(finding.tool) + 1);
    if (this.#findings.length < this.#maxFindings) {
      this.#findings.push(createFinding(finding));
    } else {
      this.#left += 1;
    }
  }

  /** How many findings of a tool there are so far, also of those left out. */
  countOf(tool: FindingTool): number {
    return this.#counts.get(tool) ?? 0;
  }

  /** Says so where a tool counts more findings than were read. */
  expect(tool: FindingTool, total: number, hint: string): void {
    const count = this.countOf(tool);
    if (total > count) {
      const message = `${tool} counts ${counted(total, 'finding')} and the log names ${count}${hint}`;
      this.fail(tool, 'findings-not-printed', message);
    }
  }

  fail(stage: string, code: string, message: string): void {
    if (this.#errors.length < MAX_ERRORS) {
      this.#errors.push(stageError(stage, code, message, this.source));
    }
  }

  /** In the order of the lines that prove them. */
  end(): ToolResult {
    if (this.#left > 0) {
      const total = this.#findings.length + this.#left;
      const message = `${this.#left} of ${total} findings are left out`;
      this.#errors.push(
        stageError('parse', 'too-many-findings', message, this.source),
      );
    }
    const lineOf = (each: Finding) => each.evidence?.line ?? 0;
    return {
      findings: this.#findings.sort((a, b) => lineOf(a) - lineOf(b)),
      errors: this.#errors,
    };
  }
}
