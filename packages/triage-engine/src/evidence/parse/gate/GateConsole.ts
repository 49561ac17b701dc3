// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../../logs/types';
import { evidenceOf } from '../shared/evidenceOf';
import type { FindingCollector } from '../shared/FindingCollector';
import type { ToolConsole } from '../shared/types';
import { parseVerdict } from './parseVerdict';

const VERDICT = /(?:^|[^A-Za-z])(Gate (?:FAILED|passed): [^]+)/;
/** Characters; what is longer is no sentence of the gate's. */
const LONGEST = 8000;

/**
 * Reads the sentence by which a generated repository's gate says its verdict:
 * `Gate FAILED: f1 0.712 < 0.800 (threshold), 0.088 short`.
 */
export class GateConsole implements ToolConsole {
  recognised = false;
  readonly #seen = new Set<string>();
  readonly #into: FindingCollector;

  constructor(into: FindingCollector) {
    this.#into = into;
  }

  write(line: LogLine): void {
    if (!line.text.includes('Gate ')) {
      return;
    }
    const sentence = VERDICT.exec(line.text)?.[1];
    if (!sentence || sentence.length > LONGEST) {
      return;
    }
    this.recognised = true;
    // GitHub prints an error twice: where it came up, and at the step's end.
    if (!this.#seen.has(sentence)) {
      this.#seen.add(sentence);
      const evidence = evidenceOf(this.#into.source, line);
      for (const finding of parseVerdict(sentence, evidence)) {
        this.#into.add(finding);
      }
    }
  }

  end(): void {}
}
