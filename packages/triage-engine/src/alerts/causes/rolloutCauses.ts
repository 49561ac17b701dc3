// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { at, isJson, numberAt, textAt, timeAt } from '../read/json';
import {
  distinct,
  eventsLike,
  lineEvidence,
  linesLike,
  measuredAs,
  ownRollouts,
  quoted,
} from './helpers';
import type { Candidate } from './types';

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
        (hasHook ? 4 : 7) + (ended ? 1 : 0) + (last ? 0.5 : 0) - (own ? 2 : 0),
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

/** Certificates of the cluster that have ended, and what needs them. */
function certificates(situation: Situation): Candidate[] {
  const { objects, document, start } = situation;
  const expired = objects.filter(
    each =>
      each.kind === 'Certificate' &&
      (timeAt(each.raw, 'status', 'notAfter') ?? Infinity) <= start,
  );
  const [hit] = eventsLike(situation, /x509|certificate/, 0.5);
  const [line] = linesLike(
    situation,
    /certificate (?:has )?expired|x509: certificate/i,
  );
  const [certificate] = expired;
  if (!certificate && !(hit && /expired/.test(hit.message))) {
    return [];
  }
  const webhook = /webhook "([\w.-]{1,120})"/.exec(hit?.message ?? '')?.[1];
  const policy = objects.find(each =>
    each.kind.endsWith('WebhookConfiguration'),
  );
  const end = timeAt(certificate?.raw, 'status', 'notAfter');
  const isFail =
    isJson(policy?.raw) && JSON.stringify(policy.raw).includes('"Fail"');
  const quote = hit ?? undefined;
  return [
    {
      rule: 'certificate-expired',
      type: 'certificate',
      score: hit || line ? 9 : 6.5,
      isProven: Boolean(hit ?? line),
      statement: `The TLS certificate ${certificate ? `${certificate.name} (${certificate.namespace ?? ''})` : ''} ${end === undefined ? 'has expired' : `expired ${duration(start - end)} before the alert`}${webhook ? `; it serves the admission webhook ${webhook}${isFail ? ' (failurePolicy Fail)' : ''}, so that the API server rejects every new pod and replicas cannot be created` : ', so that connections that check it are refused'}${quote ? `: ${quoted(quote.message.slice(Math.max(0, quote.message.indexOf('x509'))), 160)}` : ''}.`,
      evidence: distinct([
        ...(hit ? [hit.evidence] : []),
        ...(line ? [lineEvidence(line.log, line.line)] : []),
        ...document.find(certificate, 'notAfter'),
        ...document.find(policy, 'failurePolicy'),
      ]),
      steps: [
        'Renew the certificate now (cert-manager: reissue; then restart what has loaded the old one, and its caBundle), and find out why it was not rotated.',
        'Alert on the expiry of certificates weeks before.',
      ],
    },
  ];
}

/** The version that was asked for is not the one that is loaded. */
function wrongVersion(situation: Situation): Candidate[] {
  const asked = linesLike(
    situation,
    /(?:requested|expected|configured|MODEL_VERSION|model_version)[^\n]{0,40}[=: ]\d{1,6}\b/i,
  )[0];
  const variable = situation.containers.flatMap(
    ({ pod, spec, name, isOfSubject }) => {
      const env = at(spec, 'env');
      const found =
        isOfSubject && Array.isArray(env)
          ? env.find(
              each =>
                /MODEL_?VERSION/i.test(textAt(each, 'name') ?? '') &&
                textAt(each, 'value'),
            )
          : undefined;
      return found
        ? [
            {
              value: textAt(found, 'value') ?? '',
              evidence: situation.document.find(
                pod,
                name,
                `.env: ${textAt(found, 'name')}`,
              ),
            },
          ]
        : [];
    },
  )[0];
  const wanted =
    variable?.value ?? /[=: ](\d{1,6})\b/.exec(asked?.line.text ?? '')?.[1];
  const loaded = linesLike(
    situation,
    /(?:resolved|loaded|loading|serving|using|downloading)[^\n]{0,160}?version:? ?v?(\d{1,6})\b|->[^\n]{0,20}version (\d{1,6})/i,
    ({ isOfSubject }) => isOfSubject,
  )[0];
  const got =
    loaded &&
    /version:? ?v?(\d{1,6})\b/i.exec(
      loaded.line.text.replace(asked?.line.text ?? '\u0000', ''),
    )?.[1];
  if (
    !wanted ||
    !got ||
    !loaded ||
    wanted === got ||
    !/^v?\d{1,6}$/.test(wanted) ||
    wanted.replace('v', '') === got
  ) {
    return [];
  }
  const alias = /\blatest\b|@?champion|Production|\balias\b/i.exec(
    loaded.line.text,
  )?.[0];
  return [
    {
      rule: 'wrong-model-version',
      type: 'model-version',
      score: 8.5,
      isProven: true,
      statement: `The wrong model version is served: version ${wanted} is configured, but the server loaded version ${got}${alias ? `, since it resolves "${alias}" and ignores the configured version` : ''}: ${quoted(loaded.line.text)}.`,
      evidence: distinct([
        lineEvidence(loaded.log, loaded.line),
        ...(asked ? [lineEvidence(asked.log, asked.line)] : []),
        ...(variable?.evidence ?? []),
      ]),
      steps: [
        `Pin the explicit version ${wanted} where the server resolves the model${alias ? `, instead of ${alias}` : ''}, and check on start that it is the one that was loaded.`,
        `Until then archive or delete version ${got}, or move the alias.`,
      ],
    },
  ];
}

/** What changes of deployments, certificates and versions lead to. */
export const rolloutCauses = (situation: Situation): Candidate[] => [
  ...withoutDrain(situation),
  ...replicasFight(situation),
  ...certificates(situation),
  ...wrongVersion(situation),
];
