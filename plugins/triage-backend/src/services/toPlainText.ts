// SPDX-License-Identifier: Apache-2.0
import { createRedactor } from '@greenroom/triage-engine';

const MAX_TEXT = 400;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** A text of a cluster or a model on one line, bounded and without what looks like a secret. */
export function toPlainText(text: string): string {
  const line = createRedactor().redact(
    text.slice(0, 4 * MAX_TEXT).replace(UNSEEN, ' '),
  );
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1)}…` : line;
}
