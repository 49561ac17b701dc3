// SPDX-License-Identifier: Apache-2.0
import type { Evidence, TriageReport } from '@greenroom/plugin-triage-common';
import { neutralize } from '../ask/neutralize';
import { shownDraft } from '../ask/shownDraft';
import { collapsedText } from '../../text/oneLine';
import { isHostileText } from './hostileText';

// Words that carry no fact of their own.
const FILLERS = new Set(
  `about after also because been before being cause caused causes check does
  each every error errors fail failed failing fails failure from have here into
  itself just line lines more most must need needs only other over root same
  should show shows since some such than that their them then there these they
  this those through until very was were what when where which while with would
  your step test tests pipeline run runs`.split(/\s+/),
);

/** Words that share it are one: `fails`, `failure`. */
const STEM = 5;
const MAX_FACT_CHARACTERS = 200_000;
const WORD = /[\p{L}\p{N}]{4,60}/gu;
const TOKEN = /[\p{L}\p{N}_@][\p{L}\p{N}_@./:+-]{0,199}/gu;

function trimToken(token: string): string {
  return token.replace(/^[./:+-]+|(?<![./:+-])[./:+-]+$/g, '');
}

// Written with a capital inside, and yet no fact of this failure.
const COMMON = new Set(
  `e.g i.e github mlflow kserve argocd gitops pypi numpy pytorch tensorflow
  javascript typescript dataframe openssl graphql postgresql mysql`.split(
    /\s+/,
  ),
);

// A name, a number, a path or a version: something that is right or wrong.
function isSpecific(token: string): boolean {
  return (
    !COMMON.has(token.toLowerCase()) &&
    !/^\p{L}+\/\p{L}+$/u.test(token) &&
    (/\d/.test(token) ||
      /[_/@]|\w[.:]\w/.test(token) ||
      /\p{Ll}\p{Lu}/u.test(token) ||
      /^\p{Lu}{6,}$/u.test(token) ||
      /^\p{Lu}{3,}-/u.test(token))
  );
}

/** The names, numbers, paths and versions in a sentence. */
function specificTokens(text: string): string[] {
  return (text.match(TOKEN) ?? [])
    .map(trimToken)
    .filter(token => token.length > 1 && isSpecific(token));
}

/** What code put into the report from structured sources, free of instructions. */
function factTexts(draft: TriageReport): string[] {
  const { incident, failure } = draft;
  return [
    failure.type,
    failure.reason,
    failure.rule,
    draft.summary,
    failure.step?.name,
    failure.step?.job,
    failure.step?.exitCode?.toString(),
    incident.repository,
    incident.workflow,
    incident.model,
    ...Object.values(incident.alert ?? {}),
    ...(draft.timeline ?? []).flatMap(({ source, text }) => [source, text]),
    ...draft.findings.flatMap(finding => [
      finding.tool,
      finding.rule,
      finding.file,
      finding.line?.toString(),
      finding.package,
      finding.version,
      finding.fixedVersion,
      ...(finding.identifiers ?? []),
    ]),
    ...draft.tests.flatMap(({ framework, failed, total, failedTests }) => [
      framework,
      failed?.toString(),
      total?.toString(),
      ...failedTests.flatMap(test => [
        test.name,
        test.file,
        test.line?.toString(),
      ]),
    ]),
    ...draft.changes.flatMap(({ name, before, after }) => [
      name,
      before,
      after,
    ]),
    ...draft.suspects.flatMap(({ sha }) => [sha.slice(0, 7), sha.slice(0, 12)]),
  ].filter(
    (text): text is string =>
      text !== undefined && text !== '' && !isHostileText(text),
  );
}

function normal(text: string): string {
  return collapsedText(text).normalize('NFKC');
}

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(WORD) ?? [])
    .filter(word => !FILLERS.has(word))
    .map(word => word.slice(0, STEM));
}

/** Tells which sentences say only what their evidence and the facts say. */
export class Grounding {
  readonly #facts: string;
  readonly #factWords: Set<string>;

  constructor(draft: TriageReport) {
    this.#facts = factTexts(shownDraft(draft))
      .map(text => normal(neutralize(text)).toLowerCase())
      .join('\n')
      .slice(0, MAX_FACT_CHARACTERS);
    this.#factWords = new Set(wordsOf(this.#facts));
  }

  /**
   * Whether every name, number, path and version of a sentence stands in the
   * lines it cites or in the facts, and the sentence speaks of them at all.
   *
   * @param lines - the whole lines that the evidence cites
   */
  supports(statement: string, lines: string[]): boolean {
    const cited = lines.map(normal).join('\n').toLowerCase();
    const citedWords = new Set(wordsOf(cited));
    return (
      specificTokens(statement)
        .map(token => token.toLowerCase())
        .every(
          token => contains(cited, token) || contains(this.#facts, token),
        ) &&
      wordsOf(statement).some(
        word => citedWords.has(word) || this.#factWords.has(word),
      )
    );
  }
}

// As a whole, so that `1` is not found in `3.11`.
function contains(text: string, token: string): boolean {
  for (
    let at = text.indexOf(token);
    at >= 0;
    at = text.indexOf(token, at + 1)
  ) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + token.length] ?? ' ';
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) {
      return true;
    }
  }
  return false;
}

/** The lines of a draft that an evidence may cite, by source. */
export function citedLine(
  draft: TriageReport,
  { source, line }: Pick<Evidence, 'source' | 'line'>,
): string | undefined {
  return draft.excerpts
    .filter(excerpt => excerpt.source === source)
    .flatMap(({ lines }) => lines)
    .find(({ number }) => number === line)?.text;
}
