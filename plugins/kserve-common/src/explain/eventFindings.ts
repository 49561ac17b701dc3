// SPDX-License-Identifier: Apache-2.0
import { findCause, type Cause } from '../causes/Cause';
import { imageCauses } from '../causes/imageCauses';
import { kubeletCauses } from '../causes/kubeletCauses';
import { refusalCauses } from '../causes/refusalCauses';
import { schedulingCauses } from '../causes/schedulingCauses';
import { nameOf, textAt, timeAt } from './fields';
import { findingOf, Rank, type Finding } from './Finding';
import { findDecisiveLine } from './logLines';
import { isReady } from './pods';
import { clean, firstWords, proof, quoteAt, quoteFields } from './quote';
import type { EventView } from './readEvents';
import { conditionOf, type Situation } from './Situation';

/** Updates that met another one: the controller tries again at once. */
const RETRIED = [
  'the object has been modified',
  'please apply your changes to the latest',
];

interface EventRule {
  what: string;
  causes: readonly Cause[];
  rank: number;
}

/** Told by the pod itself where it is given. */
const ABSENT_POD_RULES: Record<string, EventRule> = {
  FailedScheduling: {
    what: 'The pod has no node',
    causes: schedulingCauses,
    rank: Rank.cause,
  },
  Failed: {
    what: 'A container cannot be started',
    causes: [...imageCauses, ...kubeletCauses],
    rank: Rank.cause,
  },
};

const POD_RULES: Record<string, EventRule> = {
  FailedMount: {
    what: 'A volume cannot be mounted',
    causes: kubeletCauses,
    rank: Rank.cause,
  },
  FailedAttachVolume: {
    what: 'A volume cannot be attached',
    causes: kubeletCauses,
    rank: Rank.cause,
  },
  FailedMapVolume: {
    what: 'A volume cannot be mapped',
    causes: kubeletCauses,
    rank: Rank.cause,
  },
  FailedCreatePodSandBox: {
    what: "The pod's network or sandbox cannot be made",
    causes: kubeletCauses,
    rank: Rank.cause,
  },
  FailedToRetrieveImagePullSecret: {
    what: 'The pull secret of the image does not exist',
    causes: [],
    rank: Rank.cause - 4,
  },
  FailedPreStopHook: {
    what: 'The preStop hook fails',
    causes: kubeletCauses,
    rank: Rank.echo,
  },
  Evicted: {
    what: 'A pod was evicted',
    causes: kubeletCauses,
    rank: Rank.refused,
  },
  Preempted: {
    what: 'A pod was preempted by one of higher priority',
    causes: [],
    rank: Rank.refused,
  },
  TaintManagerEviction: {
    what: 'A pod is evicted because of a taint of its node',
    causes: [],
    rank: Rank.refused,
  },
  NodeNotReady: {
    what: 'The node of the pod is not ready',
    causes: [],
    rank: Rank.refused,
  },
  NetworkNotReady: {
    what: "The node's network is not ready",
    causes: kubeletCauses,
    rank: Rank.cause,
  },
};

const OWNER_RULES: Record<string, EventRule> = {
  FailedCreate: {
    what: 'Pods cannot be created',
    causes: refusalCauses,
    rank: Rank.cause - 1,
  },
  ReplicaSetCreateError: {
    what: 'Pods cannot be created',
    causes: refusalCauses,
    rank: Rank.cause - 1,
  },
  CreateFailed: {
    what: 'An object cannot be created',
    causes: refusalCauses,
    rank: Rank.refused,
  },
  ProvisioningFailed: {
    what: 'The volume cannot be provisioned',
    causes: kubeletCauses,
    rank: Rank.cause - 1,
  },
  FailedBinding: {
    what: 'The PersistentVolumeClaim cannot be bound',
    causes: kubeletCauses,
    rank: Rank.cause - 1,
  },
  InternalError: {
    what: 'A controller cannot go on',
    causes: [...imageCauses, ...refusalCauses],
    rank: Rank.refused - 1,
  },
  CreationFailed: {
    what: 'An object cannot be created',
    causes: refusalCauses,
    rank: Rank.refused - 1,
  },
  ScaledObjectCheckFailed: {
    what: 'KEDA cannot use its ScaledObject',
    causes: refusalCauses,
    rank: Rank.autoscaling,
  },
  KEDAScalerFailed: {
    what: 'A scaler of KEDA fails',
    causes: [],
    rank: Rank.autoscaling,
  },
};

const SUBJECT_RULE: EventRule = {
  what: "KServe's controller cannot apply the spec",
  causes: refusalCauses,
  rank: Rank.refused,
};
/** Of the subject, but consequences, not causes. */
const SUBJECT_ECHOES = [
  'InferenceServiceNotReady',
  'InferenceServiceReady',
  'LLMInferenceServiceNotReady',
  'InferenceGraphNotReady',
];

function toFinding(
  event: EventView,
  { what, causes, rank }: EventRule,
): Finding {
  const found = findCause(event.message, causes);
  const quote = found
    ? quoteAt(event.message, found.position)
    : firstWords(event.message);
  const source = `Event ${event.reason} of ${event.object}${event.count > 1 ? ` (${event.count}×)` : ''}`;
  return findingOf(what, found, quote || clean(event.reason), {
    evidence: [
      ...proof(source, quote),
      ...proof(source, quoteFields(event.raw, 'reason', ['type'])),
    ],
    next: 'Correct what the message names.',
    rank,
  });
}

/** Objects that KServe makes: one that is younger than a refusal says that it was overcome. */
const MADE = [
  'Pod',
  'Deployment',
  'Revision',
  'StatefulSet',
  'LeaderWorkerSet',
];

/** Whether what the event told is over: it was ready since, and says so of this spec. */
function isOver(situation: Situation, event: EventView): boolean {
  const last = event.last ?? 0;
  const ready = conditionOf(situation.conditions, 'Ready');
  const overcome =
    event.kind === situation.kind &&
    MADE.flatMap(situation.own).some(
      object => (timeAt(object, 'metadata', 'creationTimestamp') ?? 0) > last,
    );
  return (
    overcome ||
    (ready?.status === 'True' && ready.time !== undefined && last <= ready.time)
  );
}

/** What events tell that the objects themselves do not. */
export function eventFindings(situation: Situation): Finding[] {
  const { kind, name, pods } = situation;
  const rule = (rules: Record<string, EventRule>, reason: string) =>
    Object.hasOwn(rules, reason) ? rules[reason] : undefined;
  return situation.events.flatMap(event => {
    if (
      (event.type === 'Normal' &&
        !['Preempted', 'TaintManagerEviction'].includes(event.reason)) ||
      RETRIED.some(words => event.message.includes(words)) ||
      isOver(situation, event)
    ) {
      return [];
    }
    if (event.kind === kind && event.name === name) {
      return SUBJECT_ECHOES.includes(event.reason) || !event.message
        ? []
        : [toFinding(event, SUBJECT_RULE)];
    }
    if (event.kind === 'Pod') {
      const pod = pods.find(object => nameOf(object) === event.name);
      const found =
        rule(POD_RULES, event.reason) ??
        (pod ? undefined : rule(ABSENT_POD_RULES, event.reason));
      const replaced = pod ? isReady(pod) : pods.some(isReady);
      const started =
        pod && event.reason.startsWith('Failed') && hasStarted(pod);
      return found && !replaced && !started ? [toFinding(event, found)] : [];
    }
    const found = rule(OWNER_RULES, event.reason);
    return found ? [toFinding(event, found)] : [];
  });
}

/** A volume that failed to mount at first is mounted once a container runs. */
function hasStarted(pod: unknown): boolean {
  return textAt(pod, 'status', 'phase') === 'Running';
}

/** What controllers log about the subject, where their logs are given. */
export function controllerLogFindings(situation: Situation): Finding[] {
  return situation.logs
    .filter(log => !log.own)
    .flatMap(log => {
      const lines = log.lines.filter(
        line => !RETRIED.some(words => line.includes(words)),
      );
      const text = lines.join('\n');
      const found = findCause(text, refusalCauses);
      const quote = found
        ? quoteAt(text, found.position)
        : firstWords(findDecisiveLine(lines) ?? '');
      if (!quote) {
        return [];
      }
      return [
        findingOf('The controller cannot apply the spec', found, quote, {
          evidence: proof(`Log of ${log.pod} · ${log.container}`, quote),
          next: '',
          rank: found ? Rank.refused - 2 : Rank.condition + 2,
        }),
      ];
    });
}
