// SPDX-License-Identifier: Apache-2.0
import type { Evidence, TriageReport } from '@greenroom/plugin-triage-common';
import type { RenderLimits } from '../renderLimits';
import { codeFence, codeSpan } from '../markup/codeSpan';
import { cutText } from '../../text/cutText';
import { visibleText } from '../../text/visibleText';
import { counted } from './andMore';

interface ProofLine {
  number: number;
  text: string;
  quote?: string;
}

/** Lines about a quoted one that help to read it. */
const CONTEXT = 6;

/** Failing tests whose lines are shown. */
const MAX_TESTS = 5;

function quotedEvidence({
  rootCause,
  failure,
  claims,
  tests,
}: TriageReport): Evidence[] {
  const quoted = [
    ...(rootCause.outcome === 'identified' ? rootCause.evidence : []),
    ...failure.evidence,
    ...claims.flatMap(claim => claim.evidence),
  ];
  const ofTests = tests
    .flatMap(test => test.failedTests)
    .slice(0, MAX_TESTS)
    .flatMap(test => test.evidence ?? []);
  return [...quoted, ...ofTests];
}

function chooseLines(lines: ProofLine[], max: number): ProofLine[] {
  if (lines.length <= max) {
    return lines;
  }
  const marked = lines.flatMap((line, index) =>
    line.quote === undefined ? [] : [index],
  );
  if (marked.length === 0) {
    return lines.slice(-max);
  }
  const chosen = new Set<number>();
  // The nearest lines of every quote before the next nearest of any.
  for (let distance = 0; distance <= CONTEXT; distance += 1) {
    for (const index of marked) {
      for (const at of [index - distance, index + distance]) {
        if (at >= 0 && at < lines.length && chosen.size < max) {
          chosen.add(at);
        }
      }
    }
  }
  return lines.filter((_, index) => chosen.has(index));
}

/** Numbered lines, the quoted ones marked with `>`, and how much lies between them. */
function numberedLines(lines: ProofLine[], maxCharacters: number): string[] {
  const width = String(lines.at(-1)?.number ?? 0).length;
  return lines.flatMap((line, index) => {
    const gap = index > 0 ? line.number - lines[index - 1].number - 1 : 0;
    const text = visibleText(cutText(line.text, maxCharacters, line.quote));
    return [
      ...(gap > 0 ? [`  ${' '.repeat(width)} ⋯ ${counted(gap, 'line')}`] : []),
      `${line.quote === undefined ? ' ' : '>'} ${String(line.number).padStart(width)} | ${text}`.trimEnd(),
    ];
  });
}

function linesBySource(
  report: TriageReport,
): Map<string, Map<number, ProofLine>> {
  const sources = new Map<string, Map<number, ProofLine>>();
  for (const excerpt of report.excerpts) {
    sources.set(
      excerpt.source,
      new Map(excerpt.lines.map(line => [line.number, { ...line }])),
    );
  }
  for (const { source, line, quote } of quotedEvidence(report)) {
    const lines = sources.get(source) ?? new Map<number, ProofLine>();
    lines.set(line, { text: quote, ...lines.get(line), number: line, quote });
    sources.set(source, lines);
  }
  return sources;
}

/** The lines that prove it, as they stand in the logs. */
export function proofSection(
  report: TriageReport,
  limits: RenderLimits,
): string[] {
  const blocks: string[] = [];
  let left = limits.proofLines;
  for (const [source, byNumber] of linesBySource(report)) {
    const all = [...byNumber.values()].sort((a, b) => a.number - b.number);
    // The first source is the step that failed; of the others what is quoted, or their end.
    const max =
      blocks.length === 0
        ? left
        : Math.min(left, Math.ceil(limits.proofLines / 8));
    const lines = max > 0 ? chooseLines(all, max) : [];
    if (lines.length > 0) {
      const excerpt = report.excerpts.find(each => each.source === source);
      const extent = excerpt
        ? ` (${lines.length.toLocaleString('en-US')} of ${counted(excerpt.totalLines, 'line')}${
            excerpt.comparedWithPass ? ', compared with a run that passed' : ''
          })`
        : '';
      blocks.push(
        `${codeSpan(source, 160)}${extent}`,
        codeFence(numberedLines(lines, limits.lineCharacters)),
      );
      left -= lines.length;
    }
  }
  return blocks.length > 0 ? ['#### Proof', ...blocks] : [];
}
