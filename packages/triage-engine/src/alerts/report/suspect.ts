// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';
import { distinct } from '../causes/helpers';
import { signs } from '../causes/signs';
import type { Candidate } from '../causes/types';
import type { Situation } from '../facts/types';
import { ellipsis } from '../../text/cutText';
import { oneLine } from '../../text/oneLine';

/** Of what rules suspect; what only stands out comes after it. */
const MAX_KNOWN = 2;
const MAX_SUSPECTS = 4;
const MAX_SIGNS_QUOTED = 3;
const MAX_WORDS = 600;
/** Less than this speaks for nothing. */
const LEAST = 3;

/** How busy something is is one story, told by whatever metric. */
const OF_LOAD = new Set([
  'autoscaler-at-maximum',
  'busy-node',
  'cpu-throttled',
  'metric-moved-before',
  'overload',
  'uneven-load',
]);

/** What else may be the cause; candidates that rest on the same line are one. */
export function otherCandidates(
  candidates: Candidate[],
  cause: Candidate | undefined,
): Candidate[] {
  const said = new Set(cause ? [cause.evidence[0].quote] : []);
  return candidates
    .filter(each => each !== cause && each.score >= LEAST)
    .filter(({ evidence: [{ quote }] }) => !said.has(quote) && said.add(quote));
}

/** What may be the cause where none is proven, the likeliest first. */
export function suspect(
  candidates: Candidate[],
  situation: Situation,
): {
  suspects: Candidate[];
  verdict: { statement: string; evidence: Evidence[] } | undefined;
} {
  const [first, ...rest] = otherCandidates(candidates, undefined);
  const known = first
    ? [
        first,
        ...rest.filter(
          ({ rule }) => !(OF_LOAD.has(first.rule) && OF_LOAD.has(rule)),
        ),
      ].slice(0, MAX_KNOWN)
    : [];
  const said = new Set(
    known.flatMap(({ evidence }) => evidence.map(({ quote }) => quote)),
  );
  const all = signs(situation);
  const seen = all.filter(
    ({ evidence: [{ quote }] }) => !said.has(quote) && said.add(quote),
  );
  const suspects = [...known, ...seen].slice(0, MAX_SUSPECTS);
  const told = suspects.map(
    ({ statement }, at) =>
      `(${at + 1}) ${ellipsis(oneLine(statement), MAX_WORDS)}`,
  );
  return {
    suspects,
    verdict:
      suspects.length > 0
        ? {
            statement: `Not proven; the likeliest first: ${told.join(' ')}`,
            evidence: distinct([
              ...known.map(({ evidence: [proof] }) => proof),
              ...all
                .slice(0, MAX_SIGNS_QUOTED)
                .map(({ evidence: [proof] }) => proof),
              ...seen.map(({ evidence: [proof] }) => proof),
              ...known.flatMap(({ evidence }) => evidence.slice(1, 2)),
            ]),
          }
        : undefined,
  };
}
