// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import { steadyRise } from '../facts/trend';
import type { Container, Measured, Situation } from '../facts/types';
import { listAt, textAt, textsAt } from '../read/json';
import { distinct, lineEvidence, linesLike, quoted } from './helpers';
import type { Candidate } from './types';

/** Of Prometheus, where nothing else is told. */
const TIMEOUT_S = 10;
const NEAR_TIMEOUT = 0.8;
const GROWS = 0.03;
/** A scrape is slow now and then: the line fits a growth less well than that of memory. */
const QUALITY = 0.5;

const MULTIPROCESS = /^(?:PROMETHEUS_MULTIPROC_DIR|prometheus_multiproc_dir)$/;
const MERGES =
  /MultiProcessCollector|multiproc(?:ess)?[_ -]?(?:dir|mode)|PROMETHEUS_MULTIPROC_DIR/i;
const RECYCLES =
  /Autorestarting worker|Maximum request limit of \d|Worker exiting \(pid|Booting worker with pid|WORKER TIMEOUT|Worker \(pid:\d{1,9}\) was sent SIG|worker \d{1,9} (?:died|respawned)|Respawned uWSGI worker/;
const MAX_REQUESTS = /max[-_]requests(?![-_]?jitter)/i;
const OF_METRICS = /GET \/metrics\b/;

/** Up to where it is cut off by the timeout: from there on nothing tells how long it takes. */
function untilCutOff({ points, trend: { peak } }: Measured) {
  const end = points.findIndex(([, value]) => value >= 0.995 * peak);
  return end < 0 ? points : points.slice(0, end + 1);
}

/** A scrape that takes longer and longer, until it takes as long as it may. */
export const isGrowingScrape = (measured: Measured): boolean =>
  /^scrape_duration_seconds\b/.test(measured.expression) &&
  measured.trend.peak >= NEAR_TIMEOUT * TIMEOUT_S &&
  (steadyRise(untilCutOff(measured), QUALITY) ?? 0) > GROWS;

/** How many requests a worker may answer before another takes its place. */
function maxRequestsOf({ spec }: Container): string | undefined {
  const args = [...textsAt(spec, 'command'), ...textsAt(spec, 'args')];
  const index = args.findIndex(each => MAX_REQUESTS.test(each));
  if (index >= 0) {
    return args[index].includes('=')
      ? args[index]
      : `${args[index]} ${args[index + 1] ?? ''}`;
  }
  const variable = listAt(spec, 'env').find(({ name }) =>
    MAX_REQUESTS.test(String(name)),
  );
  return variable
    ? `${textAt(variable, 'name')}=${textAt(variable, 'value') ?? ''}`
    : undefined;
}

/** A target whose scrapes fail since what it is asked for grows. */
export function growingScrapeCauses(situation: Situation): Candidate[] {
  const { metrics, containers, document, subject } = situation;
  const growing = metrics.filter(isGrowingScrape);
  const scrape =
    growing.find(({ labels }) => labels.pod === subject.pod) ??
    (subject.pod === undefined ? growing[0] : undefined);
  if (
    !scrape ||
    !/\bup\b|scrap|target[^\n]{0,20}down|absent/i.test(situation.text)
  ) {
    return [];
  }
  const container = containers.find(
    ({ isOfSubject, spec }) =>
      isOfSubject &&
      listAt(spec, 'env').some(({ name }) => MULTIPROCESS.test(String(name))),
  );
  const directory = listAt(container?.spec, 'env').find(({ name }) =>
    MULTIPROCESS.test(String(name)),
  );
  const ofSubject = ({ isOfSubject }: { isOfSubject: boolean }) => isOfSubject;
  const [merges] = linesLike(situation, MERGES, ofSubject);
  const [recycles] = linesLike(situation, RECYCLES, ofSubject);
  const [asked] = linesLike(situation, OF_METRICS, ofSubject);
  const limit = container && maxRequestsOf(container);
  const isMultiprocess = directory !== undefined || merges !== undefined;
  const isProven =
    isMultiprocess && (recycles !== undefined || limit !== undefined);
  const [first] = untilCutOff(scrape);
  const growth = `scrape_duration_seconds rose from ${figure(first[1])} to ${figure(scrape.trend.peak)} s, as long as the scrape timeout`;
  const up = metrics.find(({ expression }) => /^up\b/.test(expression));
  return [
    {
      rule: isProven ? 'metric-files-of-dead-workers' : 'scrape-grows',
      type: 'timeout',
      score: isProven ? 9 : 5.5,
      isProven,
      statement: isProven
        ? `The scrape times out since /metrics gets slower and slower: ${growth}. In multiprocess mode the Prometheus client${directory ? ` (${textAt(directory, 'name')}=${textAt(directory, 'value') ?? ''})` : ''} merges at each scrape the .db files of all workers that ever lived; workers are recycled${limit ? ` (${limit.trim()})` : ''}, and the files of the dead ones stay in the directory${merges ? `: ${quoted(merges.line.text, 160)}` : ''}. The service itself still answers.`
        : `The scrape times out since /metrics takes longer and longer: ${growth}. What it gives grows (series, labels or files of the client), not the load of Prometheus.`,
      evidence: distinct([
        ...(merges ? [lineEvidence(merges.log, merges.line)] : []),
        scrape.evidence,
        ...(recycles ? [lineEvidence(recycles.log, recycles.line)] : []),
        ...(directory && container
          ? document.find(container.pod, `env: ${textAt(directory, 'name')}=`)
          : []),
        ...(asked ? [lineEvidence(asked.log, asked.line)] : []),
        ...(up ? [up.evidence] : []),
      ]),
      steps: isProven
        ? [
            'Restart the pod (or empty the directory of the multiprocess files at each start) to end it now.',
            'Remove the files of workers that are gone (a child_exit hook with mark_process_dead removes those of live gauges only), and recycle workers less often (raise --max-requests, or drop it).',
          ]
        : [
            'Look at what /metrics gives: the number of series (scrape_samples_scraped) and, in multiprocess mode, the files in PROMETHEUS_MULTIPROC_DIR; restart the pod for now.',
          ],
      ...(!isProven && {
        missing: [
          'scrape_samples_scraped over days, and how many files the Prometheus client merges.',
        ],
      }),
    },
  ];
}
