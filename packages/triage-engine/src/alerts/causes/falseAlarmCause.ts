// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { textAt } from '../read/json';
import { isCreeping } from './creepingCauses';
import { distinct, lineEvidence, measuredAs } from './helpers';
import type { Candidate } from './types';

/** Alerts on how much is used, not on what users feel. */
const OF_USAGE =
  /throttl|overcommit|cpu|memory|saturat|utili[sz]ation|usage|InfoInhibitor|Watchdog|clock|swap|quota|overcommit/i;
const OUTCOMES = [
  'latency',
  'errors',
  'up',
  'restarts',
  'oom',
  'queue',
] as const;
const WELL = /succe(?:ss|eded)|\bok\b|" ?200\b|completed|healthy|passed/i;
const LITTLE = 0.7;

/** Memory that the kernel gives back when it is asked for: the cache of files. */
function pageCache(situation: Situation): Candidate[] {
  const { subject, containers, metrics, document } = situation;
  const container = containers.find(
    ({ isOfSubject, name }) =>
      isOfSubject && (!subject.container || name === subject.container),
  );
  const limit = container?.memoryLimit;
  const own = metrics.find(
    ({ isOfAlert, expression }) =>
      isOfAlert && /memory_(?:usage_bytes|cache|working_set)/.test(expression),
  );
  const held = metrics.find(
    ({ expression }) =>
      (own && /working_set/.test(own.expression)
        ? /memory_rss|anon/
        : /memory_rss|working_set|anon/
      ).test(expression) && !expression.includes('/'),
  );
  if (!container || !limit || !own || !held || container.terminated) {
    return [];
  }
  const share = held.trend.peak / limit;
  return share < LITTLE
    ? [
        {
          rule: 'page-cache',
          type: 'false-alarm',
          score: 8,
          isProven: true,
          statement: `False alarm, no impact: the alert counts the page cache (files that are read or mapped), which the kernel frees when it is needed; what the process really holds (${held.expression.slice(0, 60)}) is ${Math.round(100 * share)} % of the limit, and nothing was OOMKilled.`,
          evidence: distinct([
            held.evidence,
            own.evidence,
            ...document.find(
              container.pod,
              `[${container.name}].resources.limits`,
            ),
          ]),
          steps: [
            'Let the alert use container_memory_rss against the limit, and silence it until then; no other action is due.',
          ],
        },
      ]
    : [];
}

/** An alert that fires while nothing that anyone uses is affected. */
function withoutImpact(situation: Situation): Candidate[] {
  const { subject, containers, document, metrics, groups, events, alert } =
    situation;
  const own = metrics.filter(({ isOfAlert }) => isOfAlert);
  const others = metrics.filter(({ isOfAlert }) => !isOfAlert);
  const outcomes = others.filter(({ kind }) =>
    OUTCOMES.some(each => each === kind),
  );
  const calm = others.every(({ trend }) => trend.shape === 'flat');
  // It was so long before the alert, too.
  const isAlways =
    own.length > 0 && own.every(({ trend }) => trend.shape === 'flat');
  const subjects = containers.filter(({ isOfSubject }) => isOfSubject);
  const isWell = subjects.every(
    ({ waiting, terminated }) =>
      !waiting && (!terminated || terminated.reason === 'Completed'),
  );
  const noise = events.some(
    ({ isWarning, relevance }) => isWarning && relevance >= 0.8,
  );
  const errors = groups.filter(
    ({ isError, isOfSubject }) => isError && isOfSubject,
  );
  const isMinor = ['info', 'none', 'warning'].includes(
    alert.labels.severity ?? '',
  );
  if (
    !calm ||
    !isWell ||
    noise ||
    errors.length > 0 ||
    metrics.some(isCreeping) ||
    others.length === 0 ||
    !OF_USAGE.test(situation.text)
  ) {
    return [];
  }
  const container =
    subjects.find(({ name }) => name === subject.container) ?? subjects[0];
  const cpu = measuredAs(situation, 'cpu').find(({ isOfAlert }) => !isOfAlert);
  const limit = textAt(container?.spec, 'resources', 'limits', 'cpu');
  const share =
    cpu && container?.cpuLimit
      ? cpu.trend.peak / container.cpuLimit
      : undefined;
  const isThrottling = /throttl/i.test(situation.text);
  const well = groups.find(
    ({ line, isOfSubject }) => isOfSubject && WELL.test(line.text),
  );
  const proof = [
    ...(container && limit
      ? document.find(container.pod, `[${container.name}].resources.limits`)
      : []),
    ...(isThrottling ? [] : own.map(({ evidence }) => evidence)),
    ...(well ? [lineEvidence(well.log, well.line)] : []),
    ...(cpu ? [cpu.evidence] : []),
    ...outcomes.map(({ evidence }) => evidence),
    ...own.map(({ evidence }) => evidence),
  ];
  return [
    {
      rule: 'no-impact',
      type: 'false-alarm',
      score:
        6 +
        (isAlways ? 1 : 0) +
        (isMinor ? 0.5 : 0) +
        (isThrottling && share !== undefined && share < LITTLE ? 1 : 0) +
        (outcomes.length > 0 ? 1 : -2.5),
      isProven:
        outcomes.length > 0 &&
        (isAlways || (isThrottling && (share ?? 1) < LITTLE)),
      statement: `False alarm, no impact: ${isThrottling ? `short bursts hit the small CPU limit${limit ? ` of ${limit}` : ''}, so that the ratio of throttled periods is high, while average usage is low${cpu ? ` (${figure(cpu.trend.after)} cores${share === undefined ? '' : `, ${Math.round(100 * share)} % of the limit`})` : ''}` : `what the alert measures is ${isAlways ? 'as it has been all along' : 'high'}${own.some(({ expression }) => expression.includes('working_set')) ? ' (the working set counts the cache of mapped files, too, which the kernel can reclaim)' : ''}`}; nothing that users notice is affected: ${
        outcomes.length > 0
          ? `${outcomes
              .slice(0, 3)
              .map(
                ({ expression, trend }) =>
                  `${expression.slice(0, 60)} stays at ${figure(trend.after)}`,
              )
              .join(', ')}, `
          : ''
      }no restarts, no errors in the log.`,
      evidence: distinct(proof),
      steps: [
        isThrottling
          ? 'Raise or remove the CPU limit of this container, or raise the threshold of the alert (or silence it) for it; no other action is due.'
          : 'Raise the threshold of the alert, or alert on what users notice; silence it until then.',
      ],
    },
  ];
}

/** Alerts that fire while all is well. */
export const falseAlarmCauses = (situation: Situation): Candidate[] => [
  ...pageCache(situation),
  ...withoutImpact(situation),
];
