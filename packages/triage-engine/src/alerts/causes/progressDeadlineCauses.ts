// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Container, KubeEvent, Situation } from '../facts/types';
import { listAt, textAt, timeAt } from '../read/json';
import type { KubeObject } from '../read/readObjects';
import {
  distinct,
  isReadyPod,
  lineEvidence,
  linesLike,
  ownRollouts,
  rolloutSentence,
} from './helpers';
import type { Candidate } from './types';

const ANNOTATION = 'serving.knative.dev/progress-deadline';
/** Of Knative, where neither the Revision nor config-deployment tells another. */
const DEFAULT = '600s';
const NEVER_SCALED = /Initial scale was never achieved/;
const LOADS =
  /load(?:ing|ed)?\b[^\n]{0,60}(?:model|weight|shard|checkpoint|engine|tokenizer)|(?:model|weight|shard|checkpoint)s?\b[^\n]{0,40}load|downloaded|warm(?:ing)?[- ]?up|compil|Capturing/i;
const STOPPED =
  /Received TERM signal|received SIGTERM|SIGTERM received|signal 15\b/i;

/** Ended by itself, so that it would not have been ready later, either. */
const failed = ({ waiting, terminated, restarts }: Container) =>
  restarts > 0 ||
  /BackOff|ErrImage|Invalid|CreateContainer|RunContainer/.test(
    waiting?.reason ?? '',
  ) ||
  (terminated?.exitCode !== undefined &&
    ![0, 137, 143].includes(terminated.exitCode)) ||
  terminated?.reason === 'OOMKilled';

/** The Revision that did not get ready in time, and when that was said. */
function lateRevision({ objects, events }: Situation) {
  for (const revision of objects.filter(({ kind }) => kind === 'Revision')) {
    const condition = listAt(revision.raw, 'status', 'conditions').find(
      each =>
        each.status === 'False' &&
        (each.reason === 'ProgressDeadlineExceeded' ||
          NEVER_SCALED.test(textAt(each, 'message') ?? '')),
    );
    if (condition) {
      const told = events.find(
        ({ involved, reason }) =>
          involved.name === revision.name &&
          reason === 'ProgressDeadlineExceeded',
      );
      return {
        revision,
        type: textAt(condition, 'type') ?? '',
        until: told?.firstAt ?? timeAt(condition, 'lastTransitionTime'),
      };
    }
  }
  return undefined;
}

/** `600s` or another value, and where it stands. */
function deadlineOf(
  { objects, document }: Situation,
  revision: KubeObject,
): {
  value: string;
  where: string;
  evidence: ReturnType<typeof document.find>;
} {
  const annotated = [
    revision,
    ...objects.filter(({ name }) => revision.name.startsWith(name)),
  ].find(({ annotations }) => annotations[ANNOTATION]);
  if (annotated) {
    return {
      value: annotated.annotations[ANNOTATION],
      where: `annotation ${ANNOTATION}`,
      evidence: document.find(annotated, ANNOTATION),
    };
  }
  const config = objects.find(
    ({ kind, name, raw }) =>
      kind === 'ConfigMap' &&
      name === 'config-deployment' &&
      textAt(raw, 'data', 'progress-deadline') !== undefined,
  );
  return config
    ? {
        value: textAt(config.raw, 'data', 'progress-deadline') ?? DEFAULT,
        where: 'progress-deadline in config-deployment',
        evidence: document.find(config, 'progress-deadline'),
      }
    : { value: DEFAULT, where: 'the default', evidence: [] };
}

const startOf = (events: KubeEvent[], pods: KubeObject[], isInit: boolean) =>
  events
    .filter(
      ({ reason, involved, message }) =>
        reason === 'Started' &&
        pods.some(({ name }) => name === involved.name) &&
        /init|download|fetch/.test(message) === isInit &&
        !/queue-proxy|istio|sidecar/.test(message),
    )
    .map(({ firstAt }) => firstAt)[0];

/** A Revision of Knative that was given up while its container was still on its way. */
export function progressDeadlineCauses(situation: Situation): Candidate[] {
  const late = lateRevision(situation);
  if (!late) {
    return [];
  }
  const { objects, events, containers, document, start } = situation;
  const { revision, until = start } = late;
  const pods = objects.filter(
    ({ kind, name }) => kind === 'Pod' && name.startsWith(`${revision.name}-`),
  );
  const own = containers.filter(({ pod }) => pods.includes(pod));
  const isStuck = events.some(
    ({ reason, involved, at }) =>
      /^Failed(?:Scheduling|Mount|AttachVolume|Create)/.test(reason) &&
      involved.name.startsWith(revision.name) &&
      (at ?? 0) > until - 60_000,
  );
  if (
    own.some(failed) ||
    isStuck ||
    pods.some(({ name }) => isReadyPod(situation, name))
  ) {
    return [];
  }
  const isItsOwn = (pod: string) => pods.some(({ name }) => name === pod);
  const linesOf = (pattern: RegExp) =>
    linesLike(
      situation,
      pattern,
      ({ log, line }) =>
        isItsOwn(log.pod) &&
        (line.time === undefined || line.time <= until + 120_000),
    );
  const loads = linesOf(LOADS);
  const [stopped] = linesOf(STOPPED);
  const deadline = deadlineOf(situation, revision);
  const begun = pods[0]?.createdAt ?? revision.createdAt;
  const fetched = startOf(events, pods, true);
  const started = startOf(events, pods, false);
  const parts = [
    ...(fetched && started && started > fetched
      ? [`the download took ${duration(started - fetched)}`]
      : []),
    ...(started && until > started
      ? [
          `the container had been loading for ${duration(until - started)} and was not ready yet`,
        ]
      : []),
  ];
  const rollout = ownRollouts(situation).find(({ at }) => at <= until);
  const isProven = loads.length > 0 || parts.length === 2;
  return [
    {
      rule: 'progress-deadline',
      type: 'timeout',
      score: isProven ? 9 : 5.5,
      isProven,
      statement: `Download and load of the model take longer than Knative's progress deadline (${deadline.value}, ${deadline.where}): the Revision ${revision.name} was marked ProgressDeadlineExceeded ("Initial scale was never achieved")${begun && until > begun ? ` ${duration(until - begun)} after its pod was created` : ''}${parts.length > 0 ? `, when ${parts.join(' and ')}` : ''}; its Deployment was scaled to zero, which stopped the container while it was still loading.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        ...document.find(revision, `conditions[${late.type}]`),
        ...deadline.evidence,
        ...(stopped ? [lineEvidence(stopped.log, stopped.line)] : []),
        ...loads.slice(0, 1).map(({ log, line }) => lineEvidence(log, line)),
        // They follow from it.
        ...document.find(revision, 'conditions[Active]'),
      ]),
      steps: [
        `Raise the deadline above the time of download and load: the annotation ${ANNOTATION} (for example 30m) on the predictor, or progress-deadline in the ConfigMap config-deployment.`,
        'Shorten the start: keep the model on the node (local model cache, PVC, modelcar image) and load it in a faster format.',
      ],
      ...(!isProven && {
        missing: ['The log of the container until it was stopped.'],
      }),
    },
  ];
}
