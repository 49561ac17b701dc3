// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';
import type { Situation } from '../facts/types';
import {
  distinct,
  lineEvidence,
  ownRollouts,
  rolloutSentence,
  linesLike,
} from './helpers';
import type { Candidate } from './types';

const FAILED =
  /\b(?:504|499|408)\b|upstream (?:request )?timed out|Gateway Time-?out|stream timeout|timed out \(110/i;
const SECONDS = /(?<![\d.:])(\d{1,4}\.\d{2,4})(?![\d.:])/g;
/** Envoy and others write milliseconds. */
const MILLISECONDS = /(?<![\d.:|])(\d{5,6})(?![\d.:|])/g;
/** Time limits that proxies and load balancers have by default, in seconds. */
const LIMITS = [10, 15, 30, 60, 75, 90, 100, 120, 180, 240, 300, 600];
const NEAR = 0.015;
const LEAST = 2;
const MAX_LINE = 1_000;
const MAX_KEPT = 50;
const MAX_OBJECT = 100_000;

const limitOf = (seconds: number) =>
  LIMITS.find(
    limit => seconds >= limit * (1 - NEAR / 3) && seconds <= limit * (1 + NEAR),
  );

const TIMEOUT =
  /"([\w.-]{0,80}[Tt]ime-?out[\w.-]{0,40})":\s?"?(\d{1,6})s?"?[,}\]]/g;

/** The setting of an object that holds this limit. */
function settingOf(limit: number, { document, objects }: Situation) {
  for (const object of objects.filter(({ kind }) => kind !== 'Event')) {
    const text = JSON.stringify(object.raw).slice(0, MAX_OBJECT);
    const name = [...text.matchAll(TIMEOUT)].find(
      ([, , value]) => Number(value) === limit,
    )?.[1];
    const evidence = name ? document.find(object, name).slice(0, 1) : [];
    if (name && evidence.length > 0) {
      return { name: `${name} of ${object.kind} ${object.name}`, evidence };
    }
  }
  return undefined;
}

/** Requests that fail after the same round time, each of them: somebody's limit ended them. */
export function cutOffCauses(situation: Situation): Candidate[] {
  const found = new Map<number, Evidence[]>();
  let failed = 0;
  // Not the groups: what failed differs from what was answered in numbers only.
  for (const log of situation.logs) {
    for (const line of log.lines) {
      const text = line.text.slice(0, MAX_LINE);
      if (!FAILED.test(text)) {
        continue;
      }
      const times = [
        ...[...text.matchAll(SECONDS)].map(([, each]) => Number(each)),
        ...[...text.matchAll(MILLISECONDS)].map(
          ([, each]) => Number(each) / 1000,
        ),
      ];
      failed += times.length > 0 ? 1 : 0;
      for (const limit of new Set(times.flatMap(each => limitOf(each) ?? []))) {
        found.set(limit, [
          ...(found.get(limit) ?? []).slice(0, MAX_KEPT),
          lineEvidence(log, line),
        ]);
      }
    }
  }
  const [best] = [...found].sort((a, b) => b[1].length - a[1].length);
  if (!best) {
    return [];
  }
  const [limit, lines] = best;
  if (lines.length < LEAST || lines.length < Math.min(failed, MAX_KEPT) / 2) {
    return [];
  }
  const [rollout] = ownRollouts(situation);
  const [words] = linesLike(
    situation,
    /upstream timed out|[Gg]ateway [Tt]ime-?out|upstream request timeout|response_timeout/,
    ({ count, before }) => before < count / 2,
  );
  const setting = settingOf(limit, situation);
  const sentence = rollout ? ` ${rolloutSentence(rollout, situation)}.` : '';
  return [
    {
      rule: 'cut-off',
      type: 'timeout',
      score: 7.5,
      isProven: true,
      statement: `A proxy or gateway cuts requests at its time limit: those that fail all end after ${limit} s (${lines.length}${lines.length > MAX_KEPT ? ' and more' : ''} times, 504 or the client gave up), ${setting ? `as ${setting.name} says` : 'which is the read timeout of an ingress or load balancer'}, while the server behind it still works on them.${sentence} Answers that take longer than ${limit} s cannot come through.`,
      evidence: distinct([
        ...(words ? [lineEvidence(words.log, words.line)] : []),
        ...lines.slice(0, 1),
        ...(setting ? setting.evidence : []),
        ...lines.slice(1, 2),
        ...(rollout?.evidence ?? []),
      ]),
      steps: [
        `Raise the proxy's read timeout above the longest answer (for nginx proxy-read-timeout), or stream the answer so that bytes come before ${limit} s.`,
        ...(rollout
          ? [
              `Roll back what made answers longer (${rollout.of.name}), or lower its limit of tokens or rows.`,
            ]
          : ['Make answers shorter: a limit of tokens, a smaller batch.']),
      ],
    },
  ];
}
