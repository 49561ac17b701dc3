// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { at, numberAt } from '../read/json';
import {
  distinct,
  eventsLike,
  lineEvidence,
  linesLike,
  measuredAs,
  ownRollouts,
} from './helpers';
import { certificateCauses } from './certificateCauses';
import type { Candidate } from './types';
import { versionCauses } from './versionCauses';

const ENDED =
  /Finished server process|[Ss]hutdown complete|[Ss]hutting down|SIGTERM|[Ss]erver (?:stopped|closed)|exiting/;
const DURING = 15 * 60_000;

/** Old pods that end while they still get requests. */
function withoutDrain(situation: Situation): Candidate[] {
  const { start, document } = situation;
  const [rollout] = ownRollouts(situation).filter(
    ({ at: time }) => start - time < DURING,
  );
  const stops = eventsLike(
    situation,
    /^Killing: Stopping container/,
    0.8,
  ).filter(
    each => (each.at ?? 0) <= start + 60_000 && start - (each.at ?? 0) < DURING,
  );
  const [stop] = stops;
  const concernsRequests = /50[0234]|5xx|5\.\.|reset|refused|unavailable/i.test(
    situation.text,
  );
  const container = situation.containers.find(({ isOfSubject }) => isOfSubject);
  if (!rollout || !stop || !concernsRequests || !container) {
    return [];
  }
  const hasHook = at(container.spec, 'lifecycle', 'preStop') !== undefined;
  const errors = measuredAs(situation, 'errors');
  // Errors of the new version stay; those of a rollout end with it.
  const ended =
    errors.some(
      ({ isOfAlert, points, trend }) =>
        isOfAlert &&
        points.some(
          ([time, value]) => time > start && value <= trend.peak * 0.2,
        ),
    ) || errors.some(({ isOfAlert, trend }) => !isOfAlert && trend.peak === 0);
  const lasts = errors.some(
    ({ isOfAlert, points, trend }) =>
      isOfAlert && (points.at(-1)?.[1] ?? 0) > trend.peak / 2,
  );
  const own = situation.groups.some(
    ({ isError, isOfSubject, before }) =>
      isError && isOfSubject && before === 0,
  );
  const [last] = linesLike(
    situation,
    ENDED,
    ({ log, line }) => line.number > log.totalLines - 8,
  );
  const [down] = eventsLike(situation, /Scaled down replica set/, 0.8);
  return [
    {
      rule: 'rollout-without-drain',
      type: 'rollout',
      score:
        (hasHook ? 4 : 7) +
        (ended ? 1 : 0) +
        (last ? 0.5 : 0) -
        (own ? 2 : 0) -
        (lasts ? 3 : 0),
      isProven: !hasHook,
      statement: `Rolling update without graceful drain: the rollout of ${rollout.of.name} ${duration(start - rollout.at)} before the alert ends old pods at once on SIGTERM (${container.name} has ${hasHook ? 'a' : 'no'} preStop delay), while the load balancer or proxy still has them registered and sends them requests until they are deregistered; these get 502/503. The errors last as long as the rollout.`,
      evidence: distinct([
        stop.evidence,
        ...(last ? [lineEvidence(last.log, last.line)] : []),
        ...(down ? [down.evidence] : []),
        ...rollout.evidence,
        ...document.find(container.pod, container.name),
      ]),
      steps: [
        'Add a preStop hook (sleep of some 15 s, longer than the deregistration takes) and a terminationGracePeriodSeconds above it, so that a pod drains before it ends (graceful shutdown).',
        'Use a pod readiness gate of the load balancer, so that old pods go only when new ones are registered.',
      ],
    },
  ];
}

/** Git and the autoscaler both set the number of replicas. */
function replicasFight(situation: Situation): Candidate[] {
  const { objects, document } = situation;
  const [below] = eventsLike(
    situation,
    /below Spec\.MinReplicas|Current number of replicas below/,
    0.8,
  );
  const ups = eventsLike(situation, /Scaled up replica set/, 0.8);
  const downs = eventsLike(situation, /Scaled down replica set/, 0.8);
  const times = (all: typeof ups) =>
    all.reduce((sum, { count }) => sum + count, 0);
  const hpa = objects.find(each =>
    ['HorizontalPodAutoscaler', 'ScaledObject'].includes(each.kind),
  );
  const app = objects.find(
    each =>
      (each.kind === 'Application' &&
        at(each.raw, 'spec', 'syncPolicy', 'automated') !== undefined) ||
      ['Kustomization', 'HelmRelease'].includes(each.kind),
  );
  const [sync] = eventsLike(
    situation,
    /[Ss]ync(?: operation|ed)?|OperationCompleted|ReconciliationSucceeded|reconcil/,
    0.3,
  );
  if (!hpa || times(ups) < 3 || times(downs) < 3 || !(app || sync)) {
    return [];
  }
  const min =
    numberAt(hpa.raw, 'spec', 'minReplicas') ??
    numberAt(hpa.raw, 'spec', 'minReplicaCount');
  const to = /to (\d{1,4})/.exec(downs[0].message)?.[1];
  return [
    {
      rule: 'gitops-against-autoscaler',
      type: 'scaling',
      score: 9,
      isProven: true,
      statement: `GitOps and the autoscaler fight over the replica count: each sync of ${app ? `${app.kind} ${app.name} (Argo CD${at(app.raw, 'spec', 'syncPolicy', 'automated', 'selfHeal') ? ' self-heal' : ''}, replicas in Git)` : 'Git'} scales ${hpa.name} down to ${to ?? 'its replicas'}, and the HPA (minReplicas ${min ?? 'unknown'}) at once scales it back up; pods churn although the load is steady.`,
      evidence: distinct([
        ...(below ? [below.evidence] : []),
        ...(sync ? [sync.evidence] : []),
        ...document.find(app, 'selfHeal'),
        downs[0].evidence,
      ]),
      steps: [
        'Remove replicas from the manifest in Git where an HPA exists, or ignore it (ignoreDifferences on /spec/replicas).',
        'Until then set replicas in Git to at least minReplicas.',
      ],
    },
  ];
}

/** What changes of deployments, certificates and versions lead to. */
export const rolloutCauses = (situation: Situation): Candidate[] => [
  ...withoutDrain(situation),
  ...replicasFight(situation),
  ...certificateCauses(situation),
  ...versionCauses(situation),
];
