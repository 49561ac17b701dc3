// SPDX-License-Identifier: Apache-2.0
import type { JobLog, StepLog } from '../logs/unpack/types';
import type { PlacedMarker } from './scanJobLog';
import type { FailedStep } from './types';

/** A failed step with what its place among the others depends on. */
export interface Candidate {
  step: FailedStep;
  kind: PlacedMarker['kind'] | 'none';
  time?: string;
  /** It only says that other jobs failed. */
  isAggregate: boolean;
  /** Whether its job went on after it; see {@link readEnd}. */
  end?: JobEnd;
}

/** What the numbers of the steps that ran say of the one that failed. */
type JobEnd = 'stopped' | 'unknown' | 'went-on';
const ENDS: JobEnd[] = ['stopped', 'unknown', 'went-on'];

/**
 * After a step that fails a job the next ones are skipped, and leave no file; after
 * one with continue-on-error they run. Steps that always run can be either.
 */
export function readEnd(job: JobLog, step: StepLog): JobEnd {
  const next = job.steps
    .filter(
      ({ number, name }) =>
        number > step.number && !/^(?:Post |Complete job$|Stop )/.test(name),
    )
    .map(({ number }) => number);
  if (next.length === 0) {
    return 'unknown';
  }
  return Math.min(...next) === step.number + 1 ? 'went-on' : 'stopped';
}

/** A cause comes before what follows from it: the others' report comes last. */
function rank({ kind, isAggregate }: Candidate): number {
  if (isAggregate) {
    return 3;
  }
  return kind === 'cancelled' ? 2 : Number(kind === 'none');
}

/** Where a cause stands among others: small is early. */
function position(candidate: Candidate, all: Candidate[]): number[] {
  const endOf = ({ end = 'unknown' }: Candidate) => ENDS.indexOf(end);
  const ofJob = all.filter(each => each.step.job === candidate.step.job);
  return [
    rank(candidate),
    // A job that went on after each of its failures did most likely not fail.
    Math.min(...ofJob.map(endOf)),
    Number(candidate.end !== 'stopped'),
  ];
}

/** Causes first, and of those the one that most likely came first. */
export function orderCandidates(candidates: Candidate[]): Candidate[] {
  const isCause = (each: Candidate) => rank(each) < 2 && each.end !== 'went-on';
  const causes = candidates.some(isCause)
    ? candidates.filter(each => rank(each) !== 2)
    : candidates;
  // Of a job that went on and one that was ended, the latter is the cause.
  const isSoft = ({ end }: Candidate) => Number(end === 'went-on');
  const hasEnded = causes.some(each => rank(each) === 2);
  const positions = new Map(
    causes.map(each => {
      const place = position(each, causes);
      return [each, hasEnded ? [isSoft(each), ...place] : place] as const;
    }),
  );
  return causes.sort((one, other) => {
    const [mine, others] = [
      positions.get(one) ?? [],
      positions.get(other) ?? [],
    ];
    const byPosition = mine
      .map((value, index) => value - others[index])
      .find(difference => difference !== 0);
    if (byPosition !== undefined) {
      return byPosition;
    }
    return one.time && other.time ? one.time.localeCompare(other.time) : 0;
  });
}
