// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import { CALM } from '../facts/groupLines';
import { valueOf } from '../facts/measure';
import { messageOf } from '../facts/messageOf';
import type { LineGroup, Measured, Situation } from '../facts/types';
import { answerSigns } from './answerSigns';
import { changeSigns } from './changeSigns';
import { AROUND_EXCEPTION, SYMPTOM } from './endings';
import { typeOfAlert } from './exceptionCause';
import { distinct, lineEvidence, quoted } from './helpers';
import type { Candidate, Sign } from './types';

const MINUTE = 60_000;
const NEAR = 30 * MINUTE;
const TAIL = 15;
const MOST_LINES = 3;
const MOST_OTHERS = 2;

/** Words by which a line tells of trouble, whatever level its writer gave it. */
const TROUBLE =
  /\b(?:fail\w{0,4}|errors?(?!=0)|unable|cannot|can't|could ?n[o']t|not (?:found|supported|available|allowed|ready|enough|match\w{0,3}|set|in)|no (?:\w{1,20} ){0,3}(?:found|such|more|space|free|available|route|healthy)|no such|no space|missing|absent|imputed|mismatch\w{0,3}|invalid|unknown|unseen|unexpected\w{0,2}|incompatible|unsupported|deprecated|removed|denied|refused|rejected|forbidden|unauthorized|expired?|exceed\w{0,3}|exhausted|limit|full|overflow|leak\w{0,3}|evict\w{0,3}|preempt\w{0,4}|throttl\w{0,3}|terminat\w{0,3}|kill\w{0,3}|abort\w{0,3}|crash\w{0,3}|signal|dropp\w{0,3}|lost|stale|slow|stuck|block\w{0,3}|wait\w{0,3}|delay\w{0,2}|lag|retry\w{0,3}|retries|fall(?:ing)? ?back|fallback|disabled|skipp\w{0,3}|ignor\w{0,3}|instead|default|only|too (?:many|large|long|few|small)|out of|corrupt\w{0,2}|truncated|reconnect\w{0,3}|disconnect\w{0,3}|unreachable|unhealthy|degraded|warning)\b/i;
const WARNING = /\bWARN(?:ING)?\b|level=warn|"(?:level|severity)": ?"warn/i;
/** What was answered to one request. */
const ACCESS =
  /"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) |\b(?:GET|POST|PUT|PATCH|DELETE) \/\S{0,200} [1-5]\d\d\b/;
const NUMBERS = /[0-9a-f]{8,64}|\d{1,20}/g;
const LEVEL =
  /^.{0,80}?\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\b/i;
/** Where a program was, not what failed there. */
const FRAME = /^\s{0,20}(?:at |\d{1,3}: [\w<]|File "|raise |\^)/;
/** What a pod goes through that starts as it should. */
const ORDINARY =
  /^(?:Pulled|Pulling|Scheduled|Created|Started|SuccessfulCreate|SuccessfulDelete|ScalingReplicaSet|BackOff|Killing)$/;

/** What a line says without when, where and how loudly. */
const messageKey = (text: string) =>
  messageOf(text.slice(0, 2000))
    .replace(LEVEL, '')
    .replace(NUMBERS, '#')
    .slice(-160);

/** Messages that came as often before, whatever level they had. */
function ordinaryMessages({ groups }: Situation): Set<string> {
  const counts = new Map<string, { all: number; before: number }>();
  for (const { line, count, before } of groups) {
    const key = messageKey(line.text);
    const { all, before: early } = counts.get(key) ?? { all: 0, before: 0 };
    counts.set(key, { all: all + count, before: early + before });
  }
  return new Set(
    [...counts].flatMap(([key, { all, before }]) =>
      all >= 4 && before >= all / 4 ? [key] : [],
    ),
  );
}

/** How loudly its writer said it. */
function levelOf(text: string, isError: boolean): number {
  if (isError) {
    return 1.6;
  }
  return WARNING.test(text) ? 1 : 0;
}

function weightOf(
  { line, log, before, count, isOfSubject, isError }: LineGroup,
  situation: Situation,
  isOrdinary: boolean,
): number {
  const { onset, start } = situation;
  const { text, time } = line;
  const first = log.lines[0].time;
  const ranBefore =
    first !== undefined && time !== undefined && first < time - 2 * MINUTE;
  const isTail = log.previous && line.number > log.totalLines - TAIL;
  const distance = time === undefined ? 0 : time - onset;
  // Drift is measured over hours: what began within the log may have come first.
  const background =
    typeOfAlert(situation) === 'drift' && line.number > log.totalLines / 10
      ? 0
      : 1.2;
  return (
    levelOf(text, isError) +
    (TROUBLE.test(text) ? 0.6 : 0) +
    (before === 0 && ranBefore ? 0.8 : 0) +
    (isTail ? 1 : 0) +
    (isOfSubject ? 0.5 : -0.3) +
    (Math.abs(distance) < NEAR ? 0.4 : 0) +
    (count >= 3 ? 0.2 : 0) -
    (isOrdinary || before > count / 4 ? background : 0) -
    (SYMPTOM.test(text) ? 0.9 : 0) -
    (ACCESS.test(text) ? 0.8 : 0) -
    (time !== undefined && time > start + NEAR ? 2 : 0)
  );
}

function lines(situation: Situation): Sign[] {
  const seen = new Set<string>();
  const told = new Map<string, number>();
  const ordinary = ordinaryMessages(situation);
  return (
    situation.groups
      .filter(
        ({ line: { text }, isError }) =>
          !FRAME.test(text) &&
          !AROUND_EXCEPTION.test(text) &&
          (isError ||
            WARNING.test(text) ||
            TROUBLE.test(text.replace(CALM, ''))),
      )
      .map(group => ({
        group,
        weight: weightOf(
          group,
          situation,
          ordinary.has(messageKey(group.line.text)),
        ),
      }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight)
      .filter(({ group }) => {
        const key = group.line.text.replace(NUMBERS, '').slice(-120);
        return !seen.has(key) && seen.add(key);
      })
      // What another program says of it counts more than what the same one says once more.
      .map(each => {
        const { container } = each.group.log;
        const rank = told.get(container) ?? 0;
        told.set(container, rank + 1);
        return { ...each, rank };
      })
      .sort((a, b) => a.rank - b.rank || b.weight - a.weight)
      .slice(0, MOST_LINES)
      .map(({ group: { log, line, count, before }, weight }) => ({
        score: Math.min(3.8, weight),
        statement: `${log.container} of ${log.pod} says${count > 1 ? ` ${count} times` : ''}${before === 0 ? '' : ', also before the alert'}: ${quoted(line.text, 300)}.`,
        evidence: [lineEvidence(log, line)],
        step: 'Read the log around this line, and ask what made it appear then.',
      }))
  );
}

function events({ events: all, start }: Situation): Sign[] {
  const seen = new Set<string>();
  return all
    .filter(
      ({ reason, message, isWarning, at, firstAt, relevance }) =>
        message &&
        !ORDINARY.test(reason) &&
        relevance >= 0.3 &&
        (isWarning || TROUBLE.test(message)) &&
        (firstAt ?? at ?? start) <= start + NEAR &&
        (at ?? firstAt ?? start) >= start - 3 * NEAR,
    )
    .sort(
      (a, b) =>
        b.relevance - a.relevance || Number(b.isWarning) - Number(a.isWarning),
    )
    .filter(({ reason }) => !seen.has(reason) && seen.add(reason))
    .slice(0, MOST_OTHERS)
    .map(({ reason, message, involved, evidence, relevance, isWarning }) => ({
      score: 1.2 + relevance + (isWarning ? 0.5 : 0),
      statement: `Kubernetes reports of ${involved.kind} ${involved.name}: ${reason} ${quoted(message, 300)}.`,
      evidence: [evidence],
      step: 'Look at this object and at what its controller says (kubectl describe).',
    }));
}

/** The value that is farthest from what a series was before. */
const farthestOf = ({ trend: { before, after, peak, low } }: Measured) =>
  [after, peak, low].reduce((far, value) =>
    Math.abs(value - before) > Math.abs(far - before) ? value : far,
  );

/** By how much a series went away from what it was; at most 100. */
function factorOf(series: Measured) {
  const [less, more] = [series.trend.before, farthestOf(series)]
    .map(Math.abs)
    .sort((a, b) => a - b);
  return more < 1e-9 ? 1 : Math.min(100, more / Math.max(less, more / 100));
}

/** Other metrics that left what they were before the alert, those that went farthest first. */
export function movedBefore({
  metrics,
  start,
}: Situation): Array<{ series: Measured; factor: number; at: number }> {
  return metrics
    .filter(
      ({ isOfAlert, trend: { changedAt } }) =>
        !isOfAlert &&
        changedAt !== undefined &&
        changedAt >= start - 6 * NEAR &&
        changedAt <= start,
    )
    .map(series => ({
      series,
      factor: factorOf(series),
      at: series.trend.changedAt ?? start,
    }))
    .filter(({ factor }) => factor >= 1.5)
    .sort((a, b) => b.factor - a.factor);
}

/** `queue_size went from 0 to 140` */
export const describeMove = (series: Measured) =>
  `${series.expression.slice(0, 160)} went from ${valueOf(series, series.trend.before)} to ${valueOf(series, farthestOf(series))}`;

function movers(situation: Situation): Sign[] {
  const { onset, start } = situation;
  return movedBefore(situation)
    .slice(0, MOST_OTHERS)
    .map(({ series, factor, at }) => {
      return {
        score:
          1.2 +
          Math.min(1.2, Math.log10(factor)) -
          (at < onset - NEAR ? 0.4 : 0),
        statement: `${describeMove(series)}, ${duration(start - at)} before the alert.`,
        evidence: [series.evidence],
        step: 'Look at what moves this metric.',
      };
    });
}

/**
 * What stands out around an alert, in its own words: for a person to begin with where no
 * rule knows the kind. None of it proves a cause.
 */
export const signs = (situation: Situation): Candidate[] =>
  [
    ...lines(situation),
    ...events(situation),
    ...movers(situation),
    ...changeSigns(situation),
    ...answerSigns(situation),
  ]
    .sort((a, b) => b.score - a.score)
    .map(({ score, statement, evidence, step }) => ({
      rule: 'sign',
      type: typeOfAlert(situation),
      score,
      isProven: false,
      statement,
      evidence: distinct(evidence),
      steps: [step],
    }));
