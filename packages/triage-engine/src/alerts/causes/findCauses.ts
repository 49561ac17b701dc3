// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../facts/types';
import { busyNodeCauses } from './busyNodeCauses';
import { changeCauses } from './changeCauses';
import { cutOffCauses } from './cutOffCauses';
import { driftCauses } from './driftCauses';
import { endedCauses } from './endedCauses';
import { eventCauses } from './eventCauses';
import { dependencyCauses } from './dependencyCauses';
import { diskCauses } from './diskCauses';
import { exceptionCauses } from './exceptionCause';
import { factCauses } from './factCauses';
import { falseAlarmCauses } from './falseAlarmCause';
import { fewRequestsCauses } from './fewRequestsCauses';
import { gpuMemoryCauses } from './gpuMemoryCause';
import { latencyCauses } from './latencyCauses';
import { leftPodCauses } from './leftPodCauses';
import { limitCauses } from './limitCauses';
import { lineCauses } from './lineCauses';
import { memoryCauses } from './memoryCauses';
import { meshInitCauses } from './meshInitCauses';
import { moverCauses } from './moverCauses';
import { probeCauses } from './probeCauses';
import { readinessCauses } from './readinessCauses';
import { rolloutCauses } from './rolloutCauses';
import { schedulingCauses } from './schedulingCauses';
import { scrapeCauses } from './scrapeCauses';
import { staleAddressCauses } from './staleAddressCauses';
import type { Candidate } from './types';
import { unevenLoadCauses } from './unevenLoadCauses';

/** From here on a proven candidate is called the cause. */
const ENOUGH = 5;

/** Everything that may have made the alert fire, the likeliest first. */
export function findCauses(situation: Situation): Candidate[] {
  return [
    ...memoryCauses(situation),
    ...limitCauses(situation),
    ...gpuMemoryCauses(situation),
    ...probeCauses(situation),
    ...readinessCauses(situation),
    ...endedCauses(situation),
    ...eventCauses(situation),
    ...schedulingCauses(situation),
    ...factCauses(situation),
    ...dependencyCauses(situation),
    ...diskCauses(situation),
    ...rolloutCauses(situation),
    ...latencyCauses(situation),
    ...unevenLoadCauses(situation),
    ...cutOffCauses(situation),
    ...fewRequestsCauses(situation),
    ...falseAlarmCauses(situation),
    ...leftPodCauses(situation),
    ...scrapeCauses(situation),
    ...moverCauses(situation),
    ...busyNodeCauses(situation),
    ...staleAddressCauses(situation),
    ...meshInitCauses(situation),
    ...lineCauses(situation),
    ...exceptionCauses(situation),
    ...changeCauses(situation),
    ...driftCauses(situation),
  ]
    .filter(({ evidence, score }) => evidence.length > 0 && score > 0)
    .sort((a, b) => b.score - a.score);
}

/** The one that is proven, if any is. */
export const provenCause = (candidates: Candidate[]): Candidate | undefined =>
  candidates[0]?.isProven && candidates[0].score >= ENOUGH
    ? candidates[0]
    : candidates.find(
        ({ isProven, score }) =>
          isProven && score >= ENOUGH && score >= candidates[0].score - 0.5,
      );
