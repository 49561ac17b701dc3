// SPDX-License-Identifier: Apache-2.0
import { findCause } from '../causes/Cause';
import { refusalCauses } from '../causes/refusalCauses';
import { fieldsOf, nameOf, numberAt, textAt, type Fields } from './fields';
import { findingOf, Rank, type Finding } from './Finding';
import { shortName, toFinding } from './conditionFindings';
import {
  clean,
  firstWords,
  proof,
  quoteAt,
  quoteFields,
  titleOf,
} from './quote';
import { conditionOf, readConditions, type Situation } from './Situation';

/** Replicas of a Deployment, StatefulSet or LeaderWorkerSet. */
export function replicasOf(workload: Fields) {
  const count = (...path: string[]) => numberAt(workload, ...path);
  const desired = count('spec', 'replicas') ?? 1;
  return {
    desired,
    total: count('status', 'replicas') ?? 0,
    updated: count('status', 'updatedReplicas') ?? 0,
    ready: count('status', 'readyReplicas') ?? 0,
    available:
      count('status', 'availableReplicas') ??
      count('status', 'readyReplicas') ??
      0,
  };
}

/** Whether all that it asks for runs as it asks. */
export function isComplete(workload: Fields): boolean {
  const { desired, total, updated, ready } = replicasOf(workload);
  return ready >= desired && updated >= desired && total === desired;
}

/** Whether its controller has seen its spec. */
export function isObserved(workload: Fields): boolean {
  const observed = numberAt(workload, 'status', 'observedGeneration');
  const generation = numberAt(workload, 'metadata', 'generation');
  return (
    observed === undefined || generation === undefined || observed >= generation
  );
}

function deploymentFindings(
  situation: Situation,
  deployment: Fields,
): Finding[] {
  const conditions = readConditions(deployment);
  const failure = conditionOf(conditions, 'ReplicaFailure');
  const progressing = conditionOf(conditions, 'Progressing');
  const available = conditionOf(conditions, 'Available');
  const source = titleOf(deployment);
  if (failure?.status === 'True') {
    const found = findCause(failure.message, refusalCauses);
    const quote = found
      ? quoteAt(failure.message, found.position)
      : firstWords(failure.message);
    return [
      findingOf(`${shortName(deployment)} cannot create pods`, found, quote, {
        evidence: [
          ...proof(source, quote),
          ...proof(
            source,
            quoteFields(failure.raw, 'reason', ['status', 'type']),
          ),
        ],
        next: 'Correct what the message names.',
        rank: Rank.cause - 1,
      }),
    ];
  }
  const {
    desired,
    total,
    updated,
    ready,
    available: usable,
  } = replicasOf(deployment);
  const counts = `${updated} of ${desired} replicas are of the new template, ${ready} ready`;
  const quoteOf = (condition = progressing) =>
    condition ? quoteFields(condition.raw, 'reason', ['status', 'type']) : '';
  if (progressing?.status === 'False') {
    return [
      {
        state: 'degraded',
        sentence: `${shortName(deployment)} did not get its replicas ready in time (${clean(progressing.reason)}): ${counts}.`,
        evidence: [
          ...proof(source, firstWords(progressing.message)),
          ...proof(source, quoteOf()),
        ],
        next: 'See why its newest pods do not become ready: events and logs.',
        rank: Rank.echo + 9,
      },
    ];
  }
  const done = progressing?.reason === 'NewReplicaSetAvailable';
  const rolling =
    desired > 0 &&
    (!isObserved(deployment) ||
      (!done && (updated < desired || total > updated || usable < desired)));
  const { mode } = situation;
  if (rolling && mode !== 'Knative') {
    return [
      {
        state: 'progressing',
        sentence: `${shortName(deployment)} is rolling out an update: ${counts}${total > updated ? ', old ones serve meanwhile' : ''}.`,
        evidence: [
          ...proof(source, quoteOf()),
          ...proof(source, firstWords(progressing?.message ?? '')),
        ],
        next: 'Wait for the Deployment.',
        rank: Rank.progress - 4,
      },
    ];
  }
  const serves = conditionOf(situation.conditions, 'Ready')?.status === 'True';
  if (desired > 0 && usable < desired && mode !== 'Knative') {
    return [
      {
        state: usable ? 'progressing' : 'degraded',
        sentence: `${shortName(deployment)} has ${usable} of ${desired} replicas available.`,
        evidence: [
          ...proof(source, firstWords(available?.message ?? '')),
          ...proof(source, quoteOf(available)),
        ],
        next: 'See its pods: events and logs.',
        // More replicas are being added to those that serve.
        rank: usable && serves ? Rank.nothing : Rank.echo + 6,
      },
    ];
  }
  return [];
}

/** Kinds of Knative whose conditions explain KServe's. */
const KNATIVE_KINDS = [
  'Revision',
  'Configuration',
  'Service',
  'Route',
  'Ingress',
  'Certificate',
  'PodAutoscaler',
];

function isKnative(object: Fields): boolean {
  return (
    textAt(object, 'apiVersion').includes('.knative.dev/') ||
    textAt(object, 'apiVersion').startsWith('cert-manager.io/')
  );
}

function knativeFindings(situation: Situation): Finding[] {
  const latest = Object.values(fieldsOf(situation.status.components))
    .map(component => textAt(component, 'latestCreatedRevision'))
    .filter(Boolean);
  return KNATIVE_KINDS.flatMap(kind => situation.own(kind))
    .filter(isKnative)
    .filter(
      object =>
        textAt(object, 'kind') !== 'Revision' ||
        !latest.length ||
        latest.includes(nameOf(object)),
    )
    .flatMap(object =>
      readConditions(object)
        .filter(
          ({ status, severity, type }) =>
            status !== 'True' && severity !== 'Info' && type !== 'Active',
        )
        .map(condition =>
          toFinding(condition, {
            source: titleOf(object),
            what: `${shortName(object)} is not ready`,
          }),
        ),
    );
}

/** What Deployments, Knative's objects and groups of pods tell. */
export function workloadFindings(situation: Situation): Finding[] {
  return [
    ...situation
      .own('Deployment')
      .flatMap(deployment => deploymentFindings(situation, deployment)),
    ...knativeFindings(situation),
    ...[
      'LeaderWorkerSet',
      'StatefulSet',
      'PersistentVolumeClaim',
      'Workload',
      'PodGroup',
      'LocalModelCache',
    ]
      .flatMap(situation.own)
      .flatMap(object =>
        readConditions(object)
          .filter(
            ({ type, status }) =>
              status === 'False' &&
              ['Available', 'Ready', 'QuotaReserved', 'Admitted'].includes(
                type,
              ),
          )
          .map(condition =>
            toFinding(condition, {
              source: titleOf(object),
              what: `${shortName(object)} is not ready`,
              state: 'progressing',
            }),
          ),
      ),
  ];
}
