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

/** Lines about the one that decides, before and behind it. */
const AROUND = 3;

/** Lines about a quoted one that are kept when not all can be. */
const CONTEXT = 6;

/** Failing tests whose lines are shown. */
const MAX_TESTS = 5;

/** What installs print: the last that a reader asks for. */
const INSTALLS =
  /^\s{0,12}(?:#\d{1,5} \d{1,7}\.\d{1,4} )?(?:Collecting |(?:Down|Up)load(?:ing|ed) |Using cached |Requirement already |Installing |Building wheel|Created wheel|Successfully (?:installed|built)|Get:\d|Hit:\d|Fetched \d|Unpacking |Selecting previously|Preparing to unpack|Setting up \S{1,100} \(|Processing triggers|[━╸╺]{4,}|npm (?:http|notice)|\[notice\]|added \d{1,6} packages)/;

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

/** The line that decides with those beside it; the end of the log, where none does. */
function decisiveBlock(
  lines: ProofLine[],
  decisive: Evidence | undefined,
): ProofLine[] {
  const at = lines.findIndex(({ number }) => number === decisive?.line);
  return at < 0
    ? lines.slice(-2 * AROUND - 1)
    : lines.slice(Math.max(0, at - AROUND), at + AROUND + 1);
}

function extentOf(report: TriageReport, source: string): string {
  const excerpt = report.excerpts.find(each => each.source === source);
  const compared = excerpt?.comparedWithPass
    ? ', compared with a run that passed'
    : '';
  return excerpt
    ? ` (${excerpt.lines.length.toLocaleString('en-US')} of ${counted(excerpt.totalLines, 'line')} kept${compared})`
    : '';
}

/** What else was kept, closed until a reader opens it; installs come last. */
function foldedBlocks(
  sources: Array<[string, ProofLine[]]>,
  shown: ProofLine[],
  limits: RenderLimits,
): string[] {
  const blocks: string[] = [];
  let count = 0;
  for (const [index, [source, all]] of sources.entries()) {
    const share = index === 0 ? 1 : 1 / 8;
    const max = Math.min(
      limits.proofLines - count,
      Math.ceil(limits.proofLines * share),
    );
    const lines =
      max > 0
        ? chooseLines(all, max).filter(line => !shown.includes(line))
        : [];
    count += lines.length;
    const isInstall = ({ text, quote }: ProofLine) =>
      quote === undefined && INSTALLS.test(text);
    for (const part of [
      lines.filter(line => !isInstall(line)),
      lines.filter(isInstall),
    ]) {
      if (part.length > 0) {
        blocks.push(
          codeSpan(source, 160),
          codeFence(numberedLines(part, limits.lineCharacters)),
        );
      }
    }
  }
  return count > 0
    ? [
        `<details>\n<summary>${counted(count, 'more line')} of what was kept</summary>`,
        ...blocks,
        '</details>',
      ]
    : [];
}

/**
 * The line that proves it with those beside it, as they stand in the log; the rest
 * of what was kept is folded.
 */
export function proofSection(
  report: TriageReport,
  limits: RenderLimits,
): string[] {
  const { rootCause, failure } = report;
  const [decisive] =
    rootCause.outcome === 'identified' ? rootCause.evidence : failure.evidence;
  const sources = [...linesBySource(report)].map(
    ([source, byNumber]): [string, ProofLine[]] => [
      source,
      [...byNumber.values()].sort((a, b) => a.number - b.number),
    ],
  );
  const first =
    sources.find(([source]) => source === decisive?.source) ?? sources.at(0);
  if (!first || first[1].length === 0) {
    return [];
  }
  const [source, lines] = first;
  const shown = decisiveBlock(lines, decisive);
  return [
    '#### Proof',
    `${codeSpan(source, 160)}${extentOf(report, source)}`,
    codeFence(numberedLines(shown, limits.lineCharacters)),
    ...foldedBlocks(sources, shown, limits),
  ];
}
