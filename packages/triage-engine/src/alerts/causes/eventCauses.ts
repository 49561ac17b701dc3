// SPDX-License-Identifier: Apache-2.0
import type { Evidence, FailureType } from '@greenroom/plugin-triage-common';
import type { Situation } from '../facts/types';
import { isJson, listAt, textAt } from '../read/json';
import { typeOfAlert } from './exceptionCause';
import {
  distinct,
  isAboutScaling,
  isReadyPod,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import type { Candidate } from './types';

/** Follow from something else, are told better elsewhere, or pass. */
const NO_CAUSE =
  /^(?:BackOff|Unhealthy|Killing|FailedScheduling|FailedSync|Failed|ExceededGracePeriod|FailedKillPod|DNSConfigForming|MissingClusterDNS|ProbeWarning|InvalidDiskCapacity|FailedToUpdateEndpoint\w{0,10}|UpdateFailed|InternalError|Evicted|Preempted|OOMKilling|SystemOOM|FailedToRetrieveImagePullSecret|CrashLoopBackOff|Error|Completed|ContainersNot\w{1,20}|MinimumReplicasUnavailable|ProgressDeadlineExceeded|NoPods|PodCompleted|ReplicaSetUpdated|RevisionMissing|RevisionFailed|InferenceServiceNotReady|NodeNotReady|PolicyViolation|PolicySkipped|ImageGCFailed|ContainerGCFailed|CheckLimitsForResolvConf|NodeControllerEviction|TaintManagerEviction)$/;
const PASSES =
  /object has been modified|please apply your changes|not ready: |is not yet ready|waiting for first consumer/i;

/** Conditions that should be true; of others, such as ScalingLimited, false is well. */
const SHOULD_BE_TRUE =
  /(?:Ready|Healthy|Available|Active|Progressing|Accepted|Programmed|Succeeded|Synced|Established|Scheduled|Valid|Resolved|AbleToScale|Initialized|Bound|Reachable)$/;

const REJECTED =
  /^(?:UnexpectedAdmissionError|OutOf\w{2,20}|NodeAffinity|NodeShutdown|Terminated|AppArmor|SysctlForbidden)$/;

interface Told {
  reason: string;
  message: string;
  evidence: Evidence[];
  who: string;
  at?: number;
  isWarning: boolean;
}

const MEANINGS: Array<[RegExp, string, string, FailureType]> = [
  [
    REJECTED,
    'The kubelet of the node rejects the pods that the scheduler places there (admission), since it counts the free devices or resources of the node otherwise',
    'Look at the kubelet and the device plugin of that node: cordon it, restart the kubelet or the device plugin, and delete the failed pods, so that they are placed elsewhere.',
    'scheduling',
  ],
  [
    /Scale|HPA|Autoscal|Metric|Limited/i,
    'The autoscaler cannot do what it should',
    'Correct what the message names, and scale by hand until then.',
    'scaling',
  ],
  [
    /Volume|Mount|Attach|Provision|Resize/i,
    'A volume cannot be used',
    'Look at the volume, its claim and the storage driver that the message names.',
    'infrastructure',
  ],
  [
    /Cert|Issu|TLS|Secret/i,
    'A certificate or secret cannot be made',
    'Mend the issuer or the reference that the message names.',
    'certificate',
  ],
  [
    /Sync|Reconcil|Render|Helm|Apply/i,
    'A controller cannot bring about what was asked for',
    'Correct the manifest as the message says, or roll back its last change.',
    'configuration',
  ],
];

function* tellings(situation: Situation): Generator<Told> {
  const { events, objects, document, subject } = situation;
  for (const {
    reason,
    message,
    relevance,
    evidence,
    involved,
    firstAt,
    isWarning,
  } of events) {
    if (
      isWarning &&
      relevance >= 0.8 &&
      (involved.kind !== 'HorizontalPodAutoscaler' || isAboutScaling(situation))
    ) {
      yield {
        reason,
        message,
        evidence: [evidence],
        who: involved.name,
        at: firstAt,
        isWarning,
      };
    }
  }
  for (const pod of subject.pods) {
    const reason = textAt(pod.raw, 'status', 'reason');
    if (reason && textAt(pod.raw, 'status', 'phase') === 'Failed') {
      yield {
        reason,
        message: textAt(pod.raw, 'status', 'message') ?? '',
        evidence: document.find(pod, `reason=${reason}`),
        who: pod.name,
        isWarning: true,
      };
    }
  }
  for (const object of objects.filter(
    ({ kind, name }) =>
      !['Event', 'Node', 'Pod', 'Deployment', 'ReplicaSet', 'Job'].includes(
        kind,
      ) &&
      subject.names.some(
        each =>
          name === each ||
          name.startsWith(`${each}-`) ||
          each.startsWith(`${name}-`),
      ),
  )) {
    for (const condition of listAt(object.raw, 'status', 'conditions')) {
      const message = textAt(condition, 'message');
      const type = textAt(condition, 'type') ?? '';
      if (
        isJson(condition) &&
        condition.status === 'False' &&
        SHOULD_BE_TRUE.test(type) &&
        message
      ) {
        yield {
          reason: textAt(condition, 'reason') ?? '',
          message,
          evidence: document.find(
            object,
            `conditions[${textAt(condition, 'type')}]`,
          ),
          who: object.name,
          isWarning: true,
        };
      }
    }
  }
}

/** What the kubelet or a controller says in its own words, where no kind is known. */
export function eventCauses(situation: Situation): Candidate[] {
  // What a model is asked does not depend on how Kubernetes runs it.
  if (typeOfAlert(situation) === 'drift') {
    return [];
  }
  const { start, onset } = situation;
  const told = [...tellings(situation)].filter(
    ({ reason, message, evidence, at, who }) =>
      !NO_CAUSE.test(reason) &&
      !PASSES.test(message) &&
      message.length > 15 &&
      evidence.length > 0 &&
      !isReadyPod(situation, who) &&
      (at === undefined ||
        (at >= onset - 3 * 3600_000 && at <= start + 10 * 60_000)),
  );
  const [first] = told;
  if (!first) {
    return [];
  }
  const { reason, message } = first;
  const same = told.filter(each => each.reason === reason);
  const known = MEANINGS.find(([pattern]) => pattern.test(reason));
  const [, means, step, type] = known ?? [
    /./,
    'Kubernetes reports',
    'Correct what the message names.',
    'errors' as const,
  ];
  const rollout = ownRollouts(situation).find(
    ({ at }) => first.at === undefined || at <= first.at + 60_000,
  );
  const isRejected = REJECTED.test(reason);
  return [
    {
      rule: `event-${isRejected ? 'rejected' : 'warning'}`,
      type,
      score: isRejected ? 7 : 5.3,
      // A reason that no rule knows may be what follows from the cause.
      isProven: known !== undefined,
      statement: `${means}: ${reason} ${quoted(message, 260)}${same.length > 1 ? ` (${same.length} times)` : ''}.${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        ...same.flatMap(({ evidence }) => evidence).slice(0, 2),
        ...(rollout?.evidence ?? []),
      ]),
      steps: [step],
    },
  ];
}
