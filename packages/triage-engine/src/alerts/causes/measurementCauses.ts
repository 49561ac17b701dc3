// SPDX-License-Identifier: Apache-2.0
import { figure } from '../facts/quantity';
import type { Measured, Situation } from '../facts/types';
import { textsAt } from '../read/json';
import {
  distinct,
  lineEvidence,
  linesLike,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import { typeOfAlert } from './exceptionCause';
import type { Candidate } from './types';

const DAY_MS = 24 * 3600_000;
/** So much later than the alert that nobody needs to hurry. */
const LATER_MS = 30 * DAY_MS;
const SILENCE = 'silence it until then; no other action is due.';

/** Counters that a client library keeps in each process. */
const OF_PROCESS =
  /(?:rate|increase|irate)\((?<name>(?:process|python|flask|fastapi|starlette|django|http)_\w{2,80})/;
const WORKERS =
  /(?:-w|--workers?|WEB_CONCURRENCY|\bworkers)["':=\s,]{1,4}(?<count>[2-9]|\d{2})\b/;
const MULTIPROCESS =
  /PROMETHEUS_MULTIPROC_DIR|multiprocess_mode|MultiProcessCollector/i;

/** Rows in which a counter falls, which it does only where another process answers. */
const fallsOf = ({ points }: Measured) =>
  points.filter(([, value], at) => at > 0 && value < points[at - 1][1]).length;

/** A counter that each worker keeps for itself, read from whichever worker answers. */
function counterOfEachWorker(situation: Situation): Candidate[] {
  const { containers, document, expression = '', metrics } = situation;
  const name = OF_PROCESS.exec(expression)?.groups?.name;
  const container = containers.find(({ isOfSubject }) => isOfSubject);
  const spec = JSON.stringify(container?.spec ?? {}).slice(0, 20_000);
  const count = WORKERS.exec(spec)?.groups?.count;
  const jumps = metrics.find(
    each =>
      !each.isOfAlert &&
      name !== undefined &&
      each.expression.includes(name) &&
      (each.expression.startsWith('resets(')
        ? each.trend.peak >= 2
        : fallsOf(each) >= 3),
  );
  if (!container || !count || !jumps || MULTIPROCESS.test(spec)) {
    return [];
  }
  const real = metrics.find(
    ({ expression: each, trend }) =>
      /container_cpu_usage|istio_requests|nginx_ingress/.test(each) &&
      trend.shape === 'flat',
  );
  return [
    {
      rule: 'counter-of-each-worker',
      type: 'false-alarm',
      score: 8,
      isProven: true,
      statement: `False alarm: ${container.name} runs ${count} worker processes without the multiprocess mode of the Prometheus client, and each scrape reads ${name} of whichever worker answers. The counter jumps up and down, every fall is taken for a reset, and rate() adds what never happened${real ? `; in reality ${real.expression.slice(0, 80)} stays at ${figure(real.trend.after)}` : ''}.`,
      evidence: distinct([
        jumps.evidence,
        ...(real ? [real.evidence] : []),
        ...document.find(container.pod, container.name, 'command'),
        ...linesLike(situation, /worker/i)
          .slice(0, 1)
          .map(({ line, log }) => lineEvidence(log, line)),
      ]),
      steps: [
        `Set PROMETHEUS_MULTIPROC_DIR and serve the metrics by a MultiProcessCollector (or run one process per pod), and let the rule ask container_cpu_usage_seconds_total; ${SILENCE}`,
      ],
    },
  ];
}

/** A chain of certificates of which one that nobody needs ends first. */
function earliestOfChain({
  expression = '',
  groups,
  metrics,
  start,
  text,
}: Situation): Candidate[] {
  const later = metrics.find(
    ({ expression: each, isOfAlert, trend }) =>
      !isOfAlert &&
      /ssl_expire_time|last_chain_expiry|certificate_expiration|not_after/.test(
        each,
      ) &&
      trend.after * 1000 > start + LATER_MS,
  );
  const earliest = metrics.find(({ expression: each }) =>
    each.includes('earliest_cert_expiry'),
  );
  if (!/earliest_cert_expiry/.test(expression + text) || !later) {
    return [];
  }
  const until = new Date(later.trend.after * 1000).toISOString().slice(0, 10);
  const root = groups.find(({ line }) =>
    /\b(?:CN ?=|issuer|notAfter|NotAfter|chain|cross-?sign)/.test(line.text),
  );
  return [
    {
      rule: 'earliest-of-chain',
      type: 'false-alarm',
      score: 8,
      isProven: true,
      statement: `False alarm: the certificate itself is valid until ${until}. The rule reads probe_ssl_earliest_cert_expiry, the earliest end in the whole chain, here of an intermediate or a cross-signed root that clients do not need.`,
      evidence: distinct([
        later.evidence,
        ...(earliest ? [earliest.evidence] : []),
        ...(root ? [lineEvidence(root.log, root.line)] : []),
      ]),
      steps: [
        `Let the rule read probe_ssl_last_chain_expiry_timestamp_seconds, or serve the chain without that certificate; ${SILENCE}`,
      ],
    },
  ];
}

/** As arguments have it; the colon of a port, or none. */
const LOOPBACK =
  /--?[\w-]{0,40}(?:address|host|listen|bind|metrics-urls?)[=\s]{1,2}(?:https?:\/\/)?(?:127\.0\.0\.1|localhost)\b/;

/** A server that listens on the loopback address only, where nobody can scrape it. */
function listensOnLoopback(situation: Situation): Candidate[] {
  const { containers, document, expression = '', metrics, text } = situation;
  const isAboutUp = /\bup\b|absent\(|Down|Missing|Disappeared/.test(
    `${expression} ${text}`,
  );
  const listening = containers.find(
    ({ isReady, spec, waiting }) =>
      isReady !== false &&
      !waiting &&
      LOOPBACK.test(
        [...textsAt(spec, 'command'), ...textsAt(spec, 'args')].join(' '),
      ),
  );
  const down = metrics.find(
    ({ expression: each, trend }) => /^up\b/.test(each) && trend.after < 1,
  );
  const [refused] = linesLike(
    situation,
    /connect(?:ion)? ?(?:\w{0,10} )?refused|server returned HTTP status/,
  );
  if (!isAboutUp || !listening || !(down ?? refused)) {
    return [];
  }
  const { name, pod } = listening;
  const [rollout] = ownRollouts(situation);
  return [
    {
      rule: 'listens-on-loopback',
      type: 'false-alarm',
      score: 8,
      isProven: true,
      statement: `False alarm: ${name} is running and ready, but it listens on 127.0.0.1 (localhost) only, so that Prometheus cannot scrape its metrics endpoint from another host (connection refused), and the rule takes it for down.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        ...['127.0.0.1', 'localhost'].flatMap(host =>
          document.find(pod, `[${name}]`, host),
        ),
        ...(refused ? [lineEvidence(refused.log, refused.line)] : []),
        ...(down ? [down.evidence] : []),
      ]),
      steps: [
        `Let ${name} listen on an address that Prometheus reaches (--bind-address=0.0.0.0, with authentication), or leave this target out of the rule; ${SILENCE}`,
      ],
    },
  ];
}

const QUANTILE = /histogram_quantile\(/;

/** A quantile of all requests since the pods began, which the rule takes for that of now. */
function quantileWithoutRate({
  expression = '',
  metrics,
}: Situation): Candidate[] {
  const own = metrics.find(({ isOfAlert }) => isOfAlert);
  const now = metrics.find(
    ({ expression: each, isOfAlert }) =>
      !isOfAlert && /(?:rate|increase)\([^)]{0,200}_bucket/.test(each),
  );
  if (
    !QUANTILE.test(expression) ||
    !/_bucket\b/.test(expression) ||
    /(?:rate|increase|delta)\(/.test(expression) ||
    !own
  ) {
    return [];
  }
  return [
    {
      rule: 'quantile-without-rate',
      type: 'false-alarm',
      score: 8.5,
      isProven: true,
      statement: `False alarm: the expression of the rule takes histogram_quantile of the raw, cumulative buckets without rate(), so that it tells the quantile over all requests since the start of the pods, and slow ones of long ago count for ever${now ? `; that of now (${now.expression.slice(0, 80)}) is ${figure(now.trend.after)}` : ''}.`,
      evidence: distinct([own.evidence, ...(now ? [now.evidence] : [])]),
      steps: [
        `Let the rule take histogram_quantile of sum by (le, …) (rate(…_bucket[5m])); ${SILENCE}`,
      ],
    },
  ];
}

const TIMES_MORE = 5;
const SMALL = /\bpsi\W{1,3}0\.0\d|PSI[^\n]{0,20}\b0\.0\d/;

/** A test of significance on so many more rows that whatever differs is significant. */
function testOfMoreRows(situation: Situation): Candidate[] {
  const { metrics } = situation;
  const rows = metrics.find(
    ({ expression, isOfAlert, trend }) =>
      !isOfAlert &&
      /rows|samples|observations/.test(expression) &&
      trend.before > 0 &&
      trend.after > TIMES_MORE * trend.before,
  );
  const own = metrics.find(({ isOfAlert }) => isOfAlert);
  if (typeOfAlert(situation) !== 'drift' || !rows) {
    return [];
  }
  const [small] = linesLike(situation, SMALL);
  const [pValue] = linesLike(situation, /p[_ -]?value|K-?S|chi/i);
  return [
    {
      rule: 'test-of-more-rows',
      type: 'false-alarm',
      score: small ? 8 : 6.2,
      isProven: small !== undefined,
      statement: `False alarm: the drift test was given ${figure(rows.trend.after)} rows instead of ${figure(rows.trend.before)} (sample size), and with so many rows a test of significance (K-S, chi-square: p-value) calls any tiny difference drift${small ? `, while the effect is small: ${quoted(small.line.text)}` : ''}.`,
      evidence: distinct([
        rows.evidence,
        ...(small ? [lineEvidence(small.log, small.line)] : []),
        ...(pValue ? [lineEvidence(pValue.log, pValue.line)] : []),
        ...(own ? [own.evidence] : []),
      ]),
      steps: [
        `Judge drift by its effect (PSI, Wasserstein) beside its significance, or test a sample of the size of before; ${SILENCE}`,
      ],
    },
  ];
}

const HELPER = /^(?:InfoInhibitor|Watchdog|DeadMansSwitch|DeadMansSnitch)$/i;

/** An alert that always fires, or that only keeps others quiet: nobody is meant to read it. */
function helperAlert({
  alert,
  document,
  metrics,
  objects,
}: Situation): Candidate[] {
  const name = alert.labels.alertname ?? '';
  const evidence = distinct([
    ...objects.flatMap(each => document.find(each, name)),
    ...metrics.map(each => each.evidence),
  ]);
  return HELPER.test(name) && evidence.length > 0
    ? [
        {
          rule: 'helper-alert',
          type: 'false-alarm',
          score: 9,
          isProven: true,
          statement: `False alarm: ${name} is a helper alert that fires by design (${/inhibitor/i.test(name) ? 'it only inhibits alerts of severity info' : 'it shows that alerts arrive'}) and belongs to a null receiver. That people get it says that the routing of Alertmanager (route, inhibit_rules) does not know it, not that anything is affected.`,
          evidence,
          steps: [
            `Add the route of ${name} to a null receiver to Alertmanager's configuration again; ${SILENCE}`,
          ],
        },
      ]
    : [];
}

/** Alerts whose metric does not measure what its rule takes it for. */
export const measurementCauses = (situation: Situation): Candidate[] => [
  ...counterOfEachWorker(situation),
  ...earliestOfChain(situation),
  ...listensOnLoopback(situation),
  ...helperAlert(situation),
  ...quantileWithoutRate(situation),
  ...testOfMoreRows(situation),
];
