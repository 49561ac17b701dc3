// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';
import type { LineGroup, Situation } from '../facts/types';
import { isJson, listAt, textAt } from '../read/json';
import { typeOfAlert } from './exceptionCause';
import {
  distinct,
  isReadyPod,
  lineEvidence,
  linesLike,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import { ALL_KINDS } from './kinds/allKinds';
import type { Candidate, LineKind } from './types';

/** A text that may tell a cause, with where it stands. */
interface Told {
  text: string;
  evidence: Evidence;
  /** How near it is to the alert, and whether it came with it. */
  bonus: number;
  at?: number;
}

/** As many lines before its end tell why a container ended. */
const TAIL = 12;
const SOON = 20 * 60_000;

/** Lines that tell of one request: what it was answered, not why. */
const ACCESS =
  /"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) |\b(?:GET|POST|PUT|PATCH|DELETE) \/\S{0,200} [45]\d\d\b/;
const CALM =
  /\b(?:INFO|DEBUG|TRACE)\b|level=(?:info|debug)|"(?:level|severity)": ?"(?:info|debug)"/i;
const WARNING = /\bWARN(?:ING)?\b|level=warn|"(?:level|severity)": ?"warn/i;

/** It tells what was done, in the words of what may fail. */
const WENT_WELL = /^(?:Successful|Pulled|Created|Started|Scheduled|Provision)/;

/** A probe that nobody answered tells that the program is not up: of what it calls it tells nothing. */
const NOT_ANSWERED =
  /probe failed: (?:Get|HTTP probe|dial|command|timeout|rpc error|service unhealthy)/;

/** What its writer thought of a line. */
function levelBonus(text: string): number {
  const head = text.slice(0, 200);
  if (ACCESS.test(head)) {
    return -2;
  }
  if (CALM.test(head)) {
    return -1.5;
  }
  return WARNING.test(head) ? -0.5 : 0;
}

function bonusOf(group: LineGroup, situation: Situation): number {
  const { onset, start } = situation;
  const { line, log, isOfSubject, count, before, isError } = group;
  const isTail = log.previous && line.number > log.totalLines - TAIL;
  const time = line.time ?? onset;
  const firstOfLog = log.lines[0].time ?? onset;
  const ranBefore = firstOfLog < onset - SOON;
  // What was there all along did not make the alert fire.
  const isBackground =
    ranBefore &&
    before > count / 4 &&
    // Drift is measured over hours: what began within the log may have come first.
    (typeOfAlert(situation) !== 'drift' || line.number < log.totalLines / 10);
  return (
    levelBonus(line.text) +
    (isOfSubject ? 0.5 : -0.5) +
    (isTail ? 1 : 0) +
    (isError ? 0.5 : 0) +
    (isBackground ? -2 : 0) +
    (time > start + SOON ? -2 : 0) +
    (count >= 3 && !isBackground ? 0.5 : 0)
  );
}

function* tellings(situation: Situation): Generator<Told> {
  const { groups, events, containers, document, objects } = situation;
  for (const group of groups) {
    yield {
      text: group.line.text,
      evidence: lineEvidence(group.log, group.line),
      bonus: bonusOf(group, situation),
      at: group.line.time,
    };
  }
  for (const event of events) {
    const { reason, message, relevance, evidence } = event;
    if (
      (!event.isWarning && WENT_WELL.test(reason)) ||
      (reason === 'Unhealthy' && NOT_ANSWERED.test(message))
    ) {
      continue;
    }
    const isLate = (event.firstAt ?? 0) > situation.start + SOON;
    yield {
      text: `${reason}: ${message}`,
      evidence,
      bonus:
        (relevance >= 0.5 ? 1 : -5) +
        (event.isWarning ? 0 : -0.5) -
        // It waited for something, and has it now.
        (/^Failed/.test(reason) && isReadyPod(situation, event.involved.name)
          ? 2
          : 0) -
        (isLate ? 2 : 0),
      at: event.firstAt,
    };
  }
  for (const { pod, name, waiting, terminated, isOfSubject } of containers) {
    for (const [part, state] of Object.entries({ waiting, terminated })) {
      const text = `${state?.reason ?? ''}: ${state?.message ?? ''}`;
      const [evidence] = state?.message
        ? document.find(pod, name, `.${part}`)
        : [];
      if (evidence) {
        yield { text, evidence, bonus: isOfSubject ? 1 : -2 };
      }
    }
  }
  for (const object of objects.filter(({ kind }) => kind !== 'Event')) {
    for (const condition of listAt(object.raw, 'status', 'conditions')) {
      const message = textAt(condition, 'message');
      const isBad =
        isJson(condition) &&
        condition.status !== 'True' &&
        condition.reason !== 'DesiredWithinRange';
      const [evidence] =
        message && isBad && object.kind !== 'Node'
          ? document.find(object, `conditions[${textAt(condition, 'type')}]`)
          : [];
      if (message && evidence) {
        yield {
          text: `${textAt(condition, 'reason') ?? ''}: ${message}`,
          evidence,
          bonus: 0,
        };
      }
    }
  }
}

const quotedWord = (text: string) => text.trim().replace(/^['"]|['"]$/g, '');

const GROUP = /\{([a-z]{1,12})(?:\|([^}]{0,40}))?\}/g;

/**
 * The sentence of a kind with what the line says: `{what}` is also the group `what2`,
 * `{what|it}` has a word for where there is none. What stands in parentheses is left
 * out where the line tells nothing of it.
 */
function fill(say: string, groups: Record<string, string> = {}): string {
  const valueOf = (name: string) =>
    Object.entries(groups).find(
      ([key, value]) => value && key.replace(/\d$/, '') === name,
    )?.[1];
  const known = say.replace(/ \(([^()]{0,200})\)/g, (whole, inner: string) => {
    const names = [...inner.matchAll(GROUP)].map(([, name]) => name);
    return names.length === 0 || names.some(valueOf) ? whole : '';
  });
  return known
    .replace(GROUP, (_, name: string, otherwise = '') => {
      const value = valueOf(name);
      return value ? quotedWord(value) : otherwise;
    })
    .replace(/ {2,4}/g, ' ')
    .replace(/ (?=[,:;.)])/g, '')
    .trim();
}

interface Hits {
  kind: LineKind;
  best: Told;
  score: number;
  groups: Record<string, string>;
  all: Evidence[];
}

function collect(situation: Situation): Hits[] {
  const hits = new Map<string, Hits>();
  for (const told of tellings(situation)) {
    const kind = ALL_KINDS.find(
      ({ pattern, appliesTo }) =>
        pattern.test(told.text) && (appliesTo?.(situation) ?? true),
    );
    const match = kind?.pattern.exec(told.text);
    if (!kind || !match) {
      continue;
    }
    const score = kind.weight + told.bonus;
    const known = hits.get(kind.id);
    if (!known || score > known.score) {
      hits.set(kind.id, {
        kind,
        best: told,
        score,
        groups: { ...known?.groups, ...match.groups },
        all: [told.evidence, ...(known?.all ?? [])],
      });
    } else {
      known.all.push(told.evidence);
      known.groups = { ...match.groups, ...known.groups };
    }
  }
  return [...hits.values()];
}

/** Causes that one line tells by itself: the kinds of the table. */
export function lineCauses(situation: Situation): Candidate[] {
  return collect(situation).map(({ kind, best, score, groups, all }) => {
    const also = kind.also
      ? linesLike(situation, kind.also, ({ line }) => line.text !== best.text)
      : [];
    const rollout = ownRollouts(situation).find(
      ({ at }) => best.at === undefined || at <= best.at + 60_000,
    );
    const sentences = [
      `${fill(kind.say, groups)}: ${quoted(best.text)}`,
      ...also.slice(0, 1).map(({ line }) => `Beside it: ${quoted(line.text)}`),
      ...(rollout ? [rolloutSentence(rollout, situation)] : []),
    ];
    return {
      rule: `line-${kind.id}`,
      type: kind.type,
      score:
        score +
        (also.length > 0 ? 2.5 - Math.max(0, kind.weight - 5) / 2 : 0) +
        (rollout ? 0.5 : 0),
      isProven: kind.weight >= 5.5 || (also.length > 0 && kind.weight >= 4),
      statement: `${sentences.join('. ')}.`,
      evidence: distinct([
        best.evidence,
        ...also.slice(0, 1).map(({ log, line }) => lineEvidence(log, line)),
        ...(rollout?.evidence ?? []),
        ...all,
      ]).slice(0, 6),
      steps: rollout
        ? [
            ...kind.steps,
            `Roll back ${rollout.of.name} to the revision before if it began with the rollout.`,
          ]
        : kind.steps,
    };
  });
}
