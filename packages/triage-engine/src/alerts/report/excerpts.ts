// SPDX-License-Identifier: Apache-2.0
import type { Evidence, TriageReport } from '@greenroom/plugin-triage-common';
import { countTokens } from '../../evidence/reduce/countTokens';
import { OBJECTS } from '../read/ObjectsDocument';
import { oneLine } from '../../text/oneLine';
import type { Document } from './documents';

type Excerpt = TriageReport['excerpts'][number];

const AROUND = 2;
const MAX_LINE = 1000;

interface Wanted {
  source: string;
  line: number;
  /** The higher the sooner it is kept. */
  weight: number;
}

/** Lines of proof first, then those around them and errors, within the budget. */
export function chooseExcerpts(options: {
  documents: Document[];
  cited: Evidence[];
  errors: Array<{ source: string; line: number }>;
  budgetTokens: number;
}): Excerpt[] {
  const { documents, cited, errors, budgetTokens } = options;
  const bySource = new Map(documents.map(each => [each.source, each]));
  const wanted: Wanted[] = [
    ...cited.map(({ source, line }, at) => ({
      source,
      line,
      weight: 1000 - at,
    })),
    ...errors.map((each, at) => ({ ...each, weight: 500 - at })),
    ...cited.flatMap(({ source, line }) =>
      source === OBJECTS
        ? []
        : Array.from({ length: 2 * AROUND + 1 }, (_, at) => ({
            source,
            line: line - AROUND + at,
            weight: 300,
          })),
    ),
    ...documents.flatMap(({ source, firstLines, lastLines }) =>
      [...firstLines, ...lastLines].map((line, at) => ({
        source,
        line,
        weight: 100 - at,
      })),
    ),
  ];
  const kept = new Map<string, Map<number, string>>();
  let left = budgetTokens;
  for (const { source, line } of wanted.sort((a, b) => b.weight - a.weight)) {
    const text = bySource.get(source)?.textOf(line);
    const lines = kept.get(source) ?? new Map<number, string>();
    if (text === undefined || text.trim() === '' || lines.has(line)) {
      continue;
    }
    const shown = oneLine(text).slice(0, MAX_LINE);
    const tokens = countTokens(shown) + 4;
    if (tokens > left) {
      continue;
    }
    left -= tokens;
    lines.set(line, shown);
    kept.set(source, lines);
  }
  return [...kept].map(([source, lines]) => ({
    source,
    lines: [...lines]
      .sort(([a], [b]) => a - b)
      .map(([number, text]) => ({ number, text })),
    totalLines: bySource.get(source)?.totalLines ?? lines.size,
    comparedWithPass: false,
  }));
}
