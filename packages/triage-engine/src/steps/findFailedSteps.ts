// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';
import type { JobLog, RunLogs, StepLog } from '../logs/unpack/types';
import { orderCandidates, readEnd, type Candidate } from './orderCandidates';
import { scanJobLog, type LogSegment, type PlacedMarker } from './scanJobLog';
import type { FailedStep, RunFacts } from './types';

type JobFacts = NonNullable<RunFacts['jobs']>[number];

const FAILED = new Set(['failure', 'timed_out', 'startup_failure']);
const PASSED = new Set(['success', 'skipped', 'neutral']);

/** A job that waits for others and fails with them prints little else than their results. */
const MAX_AGGREGATE_LINES = 40;
const AGGREGATE =
  /\bneeds\.|^(?:[\w -]{1,60}: ?)(?:(?:success|skipped|failure|cancelled) ?)+$/m;

/** As GitHub names a job in an archive: no `/` and `:`, at most 90 UTF-16 units. */
const archiveName = (name: string): string =>
  name.replace(/[/:]/g, '').slice(0, 90).trim();

function findFacts(job: JobLog, facts?: RunFacts): JobFacts | undefined {
  const name = archiveName(job.name);
  return facts?.jobs?.find(
    each => each.name === job.name || archiveName(each.name) === name,
  );
}

/** The marker that ended the step, or the best there is. */
function decisive(markers: PlacedMarker[]): PlacedMarker | undefined {
  return (
    markers.find(({ kind }) => kind === 'stopped') ??
    markers.find(({ kind }) => kind === 'ended') ??
    markers.find(({ kind }) => kind === 'cancelled') ??
    markers.at(-1)
  );
}

function toCandidate(
  job: JobLog,
  source: string,
  segment: LogSegment,
  known: { name?: string } = {},
): Candidate {
  const marker = decisive(segment.markers);
  const last = marker && marker.kind !== 'error' ? marker.line : segment.last;
  const error: Evidence | undefined = marker && {
    source,
    line: marker.line,
    quote: marker.text,
  };
  return {
    kind: marker?.kind ?? 'none',
    time: marker?.time,
    isAggregate:
      last - segment.outputFrom < MAX_AGGREGATE_LINES &&
      AGGREGATE.test(segment.command),
    step: {
      job: job.name,
      name: known.name ?? segment.name ?? marker?.step,
      source,
      lines: [segment.first, Math.max(segment.first, last)],
      exitCode: marker?.exitCode,
      error,
      command: segment.command || undefined,
      outputFrom: Math.min(segment.outputFrom, Math.max(segment.first, last)),
    },
  };
}

/** The segments of a log that failed: what ended one counts more than a message. */
function failedSegments(segments: LogSegment[]): LogSegment[] {
  const work = segments.filter(segment => !segment.isCleanUp);
  const ended = work.filter(segment =>
    segment.markers.some(({ kind }) => kind !== 'error'),
  );
  if (ended.length > 0) {
    return ended;
  }
  const withError =
    work.findLast(segment => segment.markers.length > 0) ??
    segments.find(segment => segment.markers.length > 0);
  return withError ? [withError] : [];
}

/**
 * Without any sign of a failure: the last step, because those after a failed one
 * are skipped, or all that was written before the runner put its work away.
 */
function likeliest(segments: LogSegment[], lastLine: number): LogSegment {
  const lastStep = segments.findLast(each => !each.isCleanUp && each.command);
  if (lastStep) {
    return lastStep;
  }
  const cleanUp = segments.find(segment => segment.isCleanUp);
  return {
    first: 1,
    last: Math.max(1, cleanUp ? cleanUp.first - 1 : lastLine),
    outputFrom: 1,
    command: '',
    isCleanUp: false,
    markers: [],
  };
}

async function scanStep(job: JobLog, step: StepLog): Promise<Candidate[]> {
  if (!step.log) {
    return [];
  }
  const { segments } = await scanJobLog(step.log, { isOneStep: true });
  const source = step.log.source;
  return segments
    .filter(segment => segment.markers.length > 0 && !segment.isCleanUp)
    .map(segment => ({
      ...toCandidate(job, source, segment, step),
      end: readEnd(job, step),
    }));
}

/** The step that GitHub says failed, read in its own file or in the job's. */
async function scanKnownStep(
  job: JobLog,
  step: StepLog,
): Promise<Candidate | undefined> {
  const log = step.log ?? job.log;
  const bounds =
    !step.log && step.lines
      ? [{ first: step.lines[0], last: step.lines[1], name: step.name }]
      : [];
  const { segments, lastLine } = await scanJobLog(log, {
    bounds,
    isOneStep: Boolean(step.log),
  });
  if (step.log) {
    const [first, ...rest] = segments;
    const end = rest.find(segment => segment.isCleanUp)?.first ?? lastLine + 1;
    const whole = { ...first, last: Math.max(1, end - 1) };
    return toCandidate(job, log.source, whole, step);
  }
  const own = segments.find(segment => segment.first === bounds[0]?.first);
  return (
    own &&
    toCandidate(
      job,
      log.source,
      { ...own, last: Math.min(own.last, bounds[0].last) },
      step,
    )
  );
}

/** The step that ended a job, for a job that GitHub's API describes. */
async function scanByFacts(job: JobLog, facts: JobFacts): Promise<Candidate[]> {
  const failed =
    facts.steps?.find(step => FAILED.has(step.conclusion ?? '')) ??
    facts.steps?.find(step => step.conclusion === 'cancelled');
  const step =
    failed &&
    (job.steps.find(each => each.number === failed.number) ??
      job.steps.find(each => each.name === failed.name));
  const known =
    step && (step.log || step.lines)
      ? await scanKnownStep(job, step)
      : undefined;
  if (known) {
    return [known];
  }
  const found = await scanUnknown(job, true);
  return found.map(candidate => ({
    ...candidate,
    step: { ...candidate.step, name: candidate.step.name ?? failed?.name },
  }));
}

async function scanUnknown(
  job: JobLog,
  mustFail: boolean,
): Promise<Candidate[]> {
  const files = job.steps.filter(step => step.log);
  if (files.length > 0) {
    const found: Candidate[] = [];
    for (const step of files) {
      found.push(...(await scanStep(job, step)));
    }
    const ended = found.filter(({ kind }) => kind !== 'error');
    if (found.length > 0) {
      return ended.length > 0 ? ended : found.slice(-1);
    }
  }
  const bounds = job.steps.flatMap(({ lines, name }) =>
    lines ? [{ first: lines[0], last: lines[1], name }] : [],
  );
  const { segments, lastLine } = await scanJobLog(job.log, { bounds });
  const failed = failedSegments(segments);
  if (failed.length === 0) {
    return mustFail && lastLine > 0
      ? [toCandidate(job, job.log.source, likeliest(segments, lastLine))]
      : [];
  }
  return failed.map(segment => toCandidate(job, job.log.source, segment));
}

async function scanJob(job: JobLog, facts?: RunFacts): Promise<Candidate[]> {
  const ofJob = findFacts(job, facts);
  if (ofJob?.conclusion && PASSED.has(ofJob.conclusion)) {
    return [];
  }
  return ofJob?.conclusion ? scanByFacts(job, ofJob) : scanUnknown(job, false);
}

/**
 * The steps that failed, the likeliest cause first: by what GitHub's API says,
 * where it was asked, else by what the runner (GitHub Actions, Travis, Jenkins,
 * GitLab) wrote. Of several the one that ended first comes first; a job that was
 * cancelled because another failed, or that only reports the others, is no cause.
 *
 * Reads each log once, in bounded memory. A log without any sign of a failure is
 * one failed step as a whole, if the run has no other.
 */
export async function findFailedSteps(
  logs: RunLogs,
  facts?: RunFacts,
): Promise<FailedStep[]> {
  const candidates: Candidate[] = [];
  for (const job of logs.jobs) {
    candidates.push(...(await scanJob(job, facts)));
  }
  if (candidates.length === 0) {
    for (const job of logs.jobs) {
      candidates.push(...(await scanUnknown(job, true)));
    }
  }
  return orderCandidates(candidates).map(({ step }) => step);
}
