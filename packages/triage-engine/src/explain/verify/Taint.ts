// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { MAX_FIELD_CHARACTERS, shownDraft } from '../ask/shownDraft';
import { readings, isHostileText, recognisable } from './hostileText';

const WORD = /[\p{L}\p{N}]{4,60}/gu;
const COMPOUND = /[\p{L}\p{N}][\p{L}\p{N}_-]{3,80}/gu;
/** An instruction may go on in the lines around it. */
const REACH = 2;

function wordsOf(text: string): string[] {
  const plain = recognisable(text);
  return [...(plain.match(WORD) ?? []), ...(plain.match(COMPOUND) ?? [])];
}

interface Texts {
  hostile: string[];
  other: string[];
}

function sortFields(texts: Array<string | undefined>): Texts {
  // As much as the prompt may have looked at.
  const known = texts
    .filter(text => text !== undefined)
    .map(text => text.slice(0, 4 * MAX_FIELD_CHARACTERS));
  return {
    hostile: known.filter(isHostileText),
    other: known.filter(text => !isHostileText(text)),
  };
}

function sortLines(lines: string[]): Texts {
  const marked = lines.map(isHostileText);
  const near = lines.map((_, index) =>
    marked.slice(Math.max(0, index - REACH), index + REACH + 1).some(Boolean),
  );
  return {
    hostile: lines.filter((_, index) => near[index]),
    // What stands beside an instruction may be true as well.
    other: lines.filter((_, index) => !marked[index] && !near[index]),
  };
}

function fieldsOf(draft: TriageReport): Array<string | undefined> {
  const { incident } = draft;
  return [
    incident.run?.branch,
    incident.workflow,
    incident.model,
    ...Object.values(incident.alert ?? {}),
    ...(draft.timeline ?? []).flatMap(({ source, text }) => [source, text]),
    draft.failure.reason,
    draft.failure.step?.job,
    draft.failure.step?.name,
    draft.summary,
    ...draft.findings.flatMap(({ rule, message, file, package: name }) => [
      rule,
      message,
      file,
      name,
    ]),
    ...draft.tests.flatMap(({ failedTests }) =>
      failedTests.flatMap(test => [test.name, test.message, test.file]),
    ),
    ...draft.changes.flatMap(({ name, before, after }) => [
      name,
      before,
      after,
    ]),
    ...draft.suspects.flatMap(({ message, author }) => [message, author]),
  ];
}

/** The words that a draft has only where it speaks to the model. */
export class Taint {
  /** Whether the draft speaks to the model at all. */
  readonly isPresent: boolean;
  readonly #words: Set<string>;

  constructor(whole: TriageReport) {
    const draft = shownDraft(whole);
    const sorted = [
      sortFields(fieldsOf(draft)),
      ...draft.excerpts.map(({ lines }) =>
        sortLines(lines.map(({ text }) => text)),
      ),
    ];
    this.isPresent = sorted.some(({ hostile }) => hostile.length > 0);
    const clean = new Set(
      sorted.flatMap(({ other }) => other.flatMap(wordsOf)),
    );
    this.#words = new Set(
      sorted
        .flatMap(({ hostile }) => hostile.flatMap(readings).flatMap(wordsOf))
        .filter(word => !clean.has(word)),
    );
  }

  /** Whether a sentence uses one of them. */
  isIn(statement: string): boolean {
    return wordsOf(statement).some(word => this.#words.has(word));
  }
}
