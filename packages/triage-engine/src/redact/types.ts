// SPDX-License-Identifier: Apache-2.0

/**
 * Takes secrets out of text. One redactor serves one report, so that the same
 * secret has the same placeholder everywhere in it: `[REDACTED:github-pat#1]`.
 *
 * @public
 */
export interface Redactor {
  /** Never throws; what cannot be redacted becomes `[REDACTED:withheld#1]`. */
  redact(text: string): string;
  /** Lines of one text: also finds what stands on several lines. As many come back. */
  redactLines(lines: string[]): string[];
  /** All strings in a value, keys too. */
  redactDeep<T>(value: T): T;
  /** How many were taken out, by kind. */
  counts(): Record<string, number>;
}
