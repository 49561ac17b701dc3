// SPDX-License-Identifier: Apache-2.0
import type { KserveEvidence } from '../types';
import { at, fieldsOf, listAt, numberAt, textAt } from './fields';
import { Rank, type Finding } from './Finding';
import { quoteCondition } from './conditionFindings';
import { clean, proof, quoteFields, titleOf } from './quote';
import { conditionOf, readConditions, type Situation } from './Situation';
import { entryRoutes, readTraffic } from './traffic';
import { replicasOf, workloadFindings } from './workloadFindings';

const SHARE_FIELDS = ['percent', 'latestRevision', 'tag', 'weight', 'port'];

/** What proves who gets the requests: the shares as the route or the status writes them. */
function trafficEvidence(situation: Situation): KserveEvidence[] {
  const source = titleOf(situation.subject);
  const targets = listAt(
    situation.status,
    'components',
    'predictor',
    'traffic',
  );
  const backends = entryRoutes(situation, 'HTTPRoute')
    .slice(0, 1)
    .flatMap(route =>
      listAt(route, 'spec', 'rules')
        .flatMap(rule => listAt(rule, 'backendRefs'))
        .map(backend => ({ route, backend })),
    );
  return [
    ...targets
      .filter(
        target => (numberAt(target, 'percent') ?? 0) > 0 || targets.length > 1,
      )
      .flatMap(target =>
        proof(
          `${source} · traffic`,
          quoteFields(target, 'revisionName', SHARE_FIELDS),
        ),
      ),
    ...backends
      .reverse()
      .flatMap(({ route, backend }) =>
        proof(titleOf(route), quoteFields(backend, 'name', SHARE_FIELDS)),
      ),
  ];
}

/** The Revision or Deployment that rests at zero replicas, and the words that say so. */
function findZero(situation: Situation): KserveEvidence[] | undefined {
  const latest = textAt(
    situation.status,
    'components',
    'predictor',
    'latestReadyRevision',
  );
  const inactive = situation
    .own('Revision')
    .filter(
      revision => !latest || textAt(revision, 'metadata', 'name') === latest,
    )
    .flatMap(revision =>
      readConditions(revision)
        .filter(
          ({ type, status, reason }) =>
            type === 'Active' && status === 'False' && reason === 'NoTraffic',
        )
        .map(({ raw }) => ({ source: titleOf(revision), raw })),
    )[0];
  if (inactive) {
    return proof(
      inactive.source,
      quoteFields(inactive.raw, 'reason', ['status', 'type', 'severity']),
    );
  }
  const workloads = situation.own('Deployment');
  const zero = workloads.find(workload => replicasOf(workload).desired === 0);
  if (zero && workloads.every(workload => replicasOf(workload).total === 0)) {
    return proof(titleOf(zero), quoteFields(fieldsOf(zero.spec), 'replicas'));
  }
  const least = numberAt(situation.spec, 'predictor', 'minReplicas');
  const copies = numberAt(
    situation.status,
    'modelStatus',
    'copies',
    'totalCopies',
  );
  if (least === 0 && copies === 0 && !situation.pods.length) {
    return proof(
      titleOf(situation.subject),
      quoteFields(fieldsOf(at(situation.spec, 'predictor')), 'minReplicas', [
        'maxReplicas',
      ]),
    );
  }
  return undefined;
}

function sharesInWords(
  shares: ReadonlyArray<{ revision: string; percent: number }>,
): string {
  return shares
    .map(({ revision, percent }) => `${revision} ${percent} %`)
    .join(', ');
}

/** Where Ingress of Standard mode leads, and whether anything serves it. */
function ingressNote(situation: Situation): {
  evidence: KserveEvidence[];
  next: string;
} {
  const [ingress] = situation.own('Ingress');
  const spec = fieldsOf(ingress?.spec);
  const name = clean(textAt(spec, 'ingressClassName'));
  const served =
    ingress && listAt(ingress, 'status', 'loadBalancer', 'ingress').length > 0;
  return {
    evidence: ingress
      ? proof(titleOf(ingress), quoteFields(spec, 'ingressClassName'))
      : [],
    next:
      ingress && !served
        ? `If requests do not arrive, check that something serves the IngressClass ${name || '(none)'}: the Ingress has no address yet.`
        : '',
  };
}

/** By the version that the pipeline has written, unless pods of an earlier one may answer; else by the revision. */
function whoAnswers(situation: Situation, revision: string): string {
  const { mode, subject } = situation;
  const version = clean(
    textAt(subject, 'metadata', 'annotations', 'greenroom.dev/model-version'),
    40,
  );
  const isSettled =
    mode === 'Standard' && workloadFindings(situation).length === 0;
  return version && isSettled ? `version ${version} (${revision})` : revision;
}

/** What is so when Ready is True. */
export function readyFindings(situation: Situation): Finding[] {
  const ready = conditionOf(situation.conditions, 'Ready');
  if (ready?.status !== 'True') {
    return [];
  }
  const traffic = (readTraffic(situation) ?? []).filter(Boolean);
  const evidence = trafficEvidence(situation);
  const condition = proof(titleOf(situation.subject), quoteCondition(ready));
  const base = { state: 'ready' as const, rank: Rank.nothing + 2 };
  const zero = findZero(situation);
  if (zero) {
    return [
      {
        ...base,
        sentence:
          'Ready, scaled to zero: it has no pods, and the next request starts one.',
        evidence: [...zero, ...condition, ...evidence],
        next: '',
      },
    ];
  }
  const canary = numberAt(situation.spec, 'predictor', 'canaryTrafficPercent');
  const latest = textAt(
    situation.status,
    'components',
    'predictor',
    'latestCreatedRevision',
  );
  const serving = traffic.filter(({ percent }) => percent > 0);
  const [first] = serving;
  if (
    canary === 0 &&
    serving.length === 1 &&
    latest &&
    first.revision !== latest
  ) {
    return [
      {
        ...base,
        sentence: `Ready, rolled back: the previous revision ${first.revision} gets all requests, the newest (${clean(latest)}) no traffic.`,
        evidence: [
          ...evidence.filter(({ quote }) => quote.includes(first.revision)),
          ...evidence.filter(({ quote }) => !quote.includes(first.revision)),
          ...condition,
        ],
        next: 'Nothing is broken. Correct the new model and apply it, or put the old storageUri back.',
      },
    ];
  }
  if (serving.length > 1) {
    return [
      {
        ...base,
        sentence:
          situation.kind === 'InferenceGraph'
            ? `Ready; requests are split: ${sharesInWords(serving)}.`
            : `Ready, with a canary: ${sharesInWords(serving)}.`,
        evidence: [...evidence, ...condition],
        next: 'Nothing is broken. Compare the two, then promote the canary or roll it back.',
      },
    ];
  }
  const ingress = ingressNote(situation);
  const ingressReady = conditionOf(situation.conditions, 'IngressReady');
  return [
    {
      ...base,
      sentence: first
        ? `Ready: ${whoAnswers(situation, first.revision)} answers all requests${canary && first.revision === latest ? `; a canary of ${canary} % has no earlier revision to share with` : ''}.`
        : `Ready: requests are answered${situation.mode === 'Standard' ? ' (Standard mode)' : ''}.`,
      evidence: [
        ...evidence.slice(0, 1),
        ...condition,
        ...(ingressReady
          ? proof(titleOf(situation.subject), quoteCondition(ingressReady))
          : []),
        ...ingress.evidence,
      ],
      next: ingress.next,
    },
  ];
}

/** Services that a graph sends requests to: one that is missing or not ready. */
export function graphFindings(situation: Situation): Finding[] {
  if (situation.kind !== 'InferenceGraph') {
    return [];
  }
  const services = situation.objects.filter(
    object => object.kind === 'InferenceService',
  );
  const steps = Object.values(fieldsOf(situation.spec.nodes)).flatMap(node =>
    listAt(node, 'steps'),
  );
  return steps.flatMap((step): Finding[] => {
    const name = textAt(step, 'serviceName');
    const service = services.find(
      object => textAt(object, 'metadata', 'name') === name,
    );
    if (!name || !services.length) {
      return [];
    }
    const ready = service && conditionOf(readConditions(service), 'Ready');
    if (ready?.status === 'True') {
      return [];
    }
    return [
      {
        state: 'degraded',
        sentence: service
          ? `The step ${clean(name)} of the graph is not ready${ready?.message ? ` (${clean(ready.message)})` : ''}.`
          : `The graph names the InferenceService ${clean(name)}, which does not exist (not found).`,
        evidence: [
          ...(service && ready
            ? proof(
                titleOf(service),
                ready.message ? clean(ready.message) : quoteCondition(ready),
              )
            : []),
          ...proof(
            titleOf(situation.subject),
            quoteFields(step, 'serviceName', ['weight']),
          ),
        ],
        next: service
          ? 'See that service.'
          : 'Correct serviceName, or create the service.',
        rank: Rank.route,
      },
    ];
  });
}

/** An older revision that answers while the newest does not. */
export function olderRevision(
  situation: Situation,
): { words: string; evidence: KserveEvidence[] } | undefined {
  const latest = textAt(
    situation.status,
    'components',
    'predictor',
    'latestCreatedRevision',
  );
  const older = latest
    ? readTraffic(situation)?.find(
        ({ revision, percent }) => percent > 0 && revision !== latest,
      )
    : undefined;
  return older
    ? {
        words: `${older.revision} still serves ${older.percent} % of the requests.`,
        evidence: trafficEvidence(situation).filter(({ quote }) =>
          quote.includes(older.revision),
        ),
      }
    : undefined;
}
