// SPDX-License-Identifier: Apache-2.0
import type { Evidence, TriageReport } from '@greenroom/plugin-triage-common';
import type { LogLine } from '../logs/types';
import type { Redactor } from '../redact/types';

type Excerpt = TriageReport['excerpts'][number];

const placeOf = (source: string, line: number) => `${line} ${source}`;

function isEvidence(value: object): value is Evidence {
  return 'source' in value && 'line' in value && 'quote' in value;
}

/** Quotes of kept lines, taken anew from what these lines have become. */
function requote<T>(value: T, lines: Map<string, string>): T;
function requote(value: unknown, lines: Map<string, string>): unknown {
  if (Array.isArray(value)) {
    return value.map(each => requote(each, lines));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, requote(each, lines)]),
  );
  if (isEvidence(value)) {
    const redacted = lines.get(placeOf(value.source, value.line));
    return redacted === undefined ? copy : { ...copy, quote: redacted };
  }
  return copy;
}

/** Lines of a log, redacted together with those around them, and apart from what is far. */
function redactKept(
  { lines }: Excerpt,
  around: LogLine[],
  redactor: Redactor,
): string[] {
  const all = [...lines, ...around].sort((a, b) => a.number - b.number);
  const texts: string[] = [];
  const places = new Map<number, number>();
  all.forEach(({ number, text }, index) => {
    if (index > 0 && number > all[index - 1].number + 1) {
      texts.push('');
    }
    places.set(number, texts.push(text) - 1);
  });
  const redacted = redactor.redactLines(texts);
  return lines.map(({ number }) => redacted[places.get(number) ?? -1]);
}

/**
 * The report without secrets. What stands on several lines, as a private key
 * does, is found in the kept lines and those around them only, so a quote of one
 * of the kept ones becomes the redacted line.
 *
 * @param around - of each excerpt, lines that are not in it
 */
export function redactReport(
  report: TriageReport,
  redactor: Redactor,
  around: LogLine[][],
): TriageReport {
  const changed = new Map<string, string>();
  const excerpts = report.excerpts.map((excerpt, at): Excerpt => {
    const texts = redactKept(excerpt, around[at] ?? [], redactor);
    const lines = excerpt.lines.map(({ number, text }, index) => {
      if (texts[index] !== text) {
        changed.set(placeOf(excerpt.source, number), texts[index]);
      }
      return { number, text: texts[index] };
    });
    return { ...excerpt, source: redactor.redact(excerpt.source), lines };
  });
  const { excerpts: _, failure, schemaVersion, ...rest } = report;
  const { signature, ...told } = failure;
  return {
    ...redactor.redactDeep(requote(rest, changed)),
    schemaVersion,
    // A hash of ours, which no rule may take for a token.
    failure: { ...redactor.redactDeep(requote(told, changed)), signature },
    excerpts,
  };
}
