// SPDX-License-Identifier: Apache-2.0
import { findCause, type Cause } from '../causes/Cause';
import { imageCauses } from '../causes/imageCauses';
import { refusalCauses } from '../causes/refusalCauses';
import { schedulingCauses } from '../causes/schedulingCauses';
import { processCauses } from '../causes/processCauses';
import type { KserveEvidence, KserveState } from '../types';
import { kindOf, nameOf, textAt } from './fields';
import { findingOf, Rank, type Finding } from './Finding';
import {
  clean,
  firstWords,
  proof,
  quoteAt,
  quoteFields,
  titleOf,
} from './quote';
import type { Condition, Situation } from './Situation';

/** Reasons that repeat what stands below them. */
const ECHOES = [
  'RevisionMissing',
  'ConfigurationMissing',
  'MinimumReplicasUnavailable',
  'WorkloadsReadyNotReady',
  'RouterReadyNotReady',
  'RevisionFailed',
  'NewReplicaSetCreated',
  'ReplicaSetUpdated',
  'ContainersNotReady',
  'ContainersNotInitialized',
  'Stopped',
];
/** Messages that say that nothing became ready, not why. */
const ECHO_TEXTS = [
  'timed out progressing',
  'initial scale was never achieved',
];
const ECHO_ENDINGS = [' ingress not created', ' not ready', 'NotReady'];

/** Reasons that name a wait of which controllers get out by themselves. */
const WAITS: Record<string, string> = {
  Deploying: 'the new revision is being deployed',
  Progressing: 'the workload is progressing',
  ReplicaSetUpdated: 'the Deployment is progressing',
  NewReplicaSetCreated: 'the Deployment has begun',
  Uninitialized: 'the load balancer of the ingress is not ready yet',
  IngressNotConfigured: 'the ingress has not been reconciled yet',
  OutOfDate: 'a new revision is not observed yet',
  ResolvingDigests: 'the digests of the images are being resolved',
  MinimumReplicasUnavailable: 'the replicas are not available yet',
  Pending: 'it is pending',
  GroupsProgressing: 'the groups of pods are progressing',
  GroupsUpdating: 'the groups of pods are being updated',
  Initializing: 'it is being initialised',
  Reconciling: 'it is being reconciled',
};

/** Reasons whose message does not say what to do. */
const REASONS: Record<string, Cause> = {
  NotOwned: {
    any: [],
    words: 'an object of that name belongs to someone else',
    next: 'Delete or rename that object.',
  },
  ProgressDeadlineExceeded: {
    any: [],
    words: 'no replica became ready in time',
    next: 'See why its pods do not become ready: events and logs.',
  },
  ContainerMissing: {
    any: [],
    words: 'its image cannot be fetched',
    next: 'Correct the name of the image, or the access to its registry.',
  },
  NoMatchingParent: {
    any: [],
    words: 'the Gateway has no listener that fits this route',
    next: 'Correct parentRefs (sectionName, port), or add a listener.',
  },
  NoMatchingListenerHostname: {
    any: [],
    words: "no listener of the Gateway admits the route's host name",
    next: "Correct the host name (ingressDomain), or the listener's.",
  },
  NotAllowedByListeners: {
    any: [],
    words: 'the listeners of the Gateway do not admit routes of this namespace',
    next: 'Allow the namespace in allowedRoutes of the listener.',
  },
  BackendNotFound: {
    any: [],
    words: 'the Service behind the route does not exist',
    next: 'See why the Service is missing: the component that it belongs to.',
  },
  RefNotPermitted: {
    any: [],
    words: 'the route may not refer to a Service of another namespace',
    next: 'Add a ReferenceGrant there.',
  },
  InvalidKind: {
    any: [],
    words: 'the route names a kind of backend that the gateway does not know',
    next: 'Use a gateway that supports it (InferencePool), or a Service.',
  },
  UnsupportedValue: {
    any: [],
    words: 'the gateway does not support a value of the route',
    next: 'Change the value that the message names.',
  },
  ParentStatusNotAvailable: {
    any: [],
    words: 'no gateway has answered for the HTTPRoute (HttpRouteNotReady)',
    next: "Check that the Gateway exists, that its GatewayClass' controller runs and that its listener admits this namespace.",
  },
  CertificateNotReady: {
    any: [],
    words: 'the certificate for the host is not ready',
    next: 'See cert-manager and the issuer.',
  },
  DomainConflict: {
    any: [],
    words: 'the host name is taken by another route',
    next: 'Change the domain or remove the other route.',
  },
  NoSupportingRuntime: refusalCauses.find(({ any }) =>
    any.includes('no supporting runtime'),
  )!,
  CombineBaseError: refusalCauses.find(({ any }) =>
    any.includes('llminferenceserviceconfig'),
  )!,
};

/** What stands within `Revision "x" failed with message: …` and `Container failed with: …`. */
function unwrap(message: string): { text: string; container: boolean } {
  const inner = message.split(' failed with message: ').at(-1) ?? message;
  const [, told] = inner.split('Container failed with: ');
  return { text: (told ?? inner).trim(), container: told !== undefined };
}

const isEmpty = (text: string) => text.replace(/[.\s]/g, '') === '';

/** A text of a condition that speaks of images, nodes, containers or refusals. */
function causeOf(text: string, container: boolean) {
  const lower = text.toLowerCase();
  if (lower.includes('image')) {
    const found = findCause(text, imageCauses);
    if (found) {
      return found;
    }
  }
  if (lower.includes('nodes are available')) {
    return findCause(text, schedulingCauses);
  }
  const refused = container ? undefined : findCause(text, refusalCauses);
  return refused ?? findCause(text, processCauses);
}

/** How a condition stands in its object. */
export function quoteCondition({ raw }: Condition): string {
  return quoteFields(raw, 'type', ['reason', 'severity', 'status']);
}

function evidenceOf(
  source: string,
  condition: Condition,
  quote: string,
): KserveEvidence[] {
  return [
    ...proof(`${source} · ${condition.type}`, quote),
    ...proof(`${source} · ${condition.type}`, quoteCondition(condition)),
  ];
}

/** What one condition that is not True says. */
export function toFinding(
  condition: Condition,
  about: { source: string; what: string; rank?: number; state?: KserveState },
): Finding {
  const { reason, message, status, type } = condition;
  const { text, container } = unwrap(message);
  const found = causeOf(text, container);
  const known = Object.hasOwn(REASONS, reason)
    ? { cause: REASONS[reason], position: 0 }
    : undefined;
  const quote = found
    ? quoteAt(message, Math.max(0, message.indexOf(text)) + found.position)
    : firstWords(message);
  const evidence = evidenceOf(about.source, condition, quote);
  const echo =
    ECHOES.includes(reason) ||
    ECHO_ENDINGS.some(ending => reason.endsWith(ending));
  const waits = Object.hasOwn(WAITS, reason) ? WAITS[reason] : undefined;
  if (found && !isEmpty(text)) {
    return findingOf(about.what, found, quote, {
      evidence,
      next: '',
      rank: about.rank ?? Rank.reported,
    });
  }
  if (reason === 'RevisionFailed' && isEmpty(text)) {
    return {
      state: 'degraded',
      sentence: `${clean(message.split(' failed with message')[0])} failed to load, and the status gives no reason (its message is empty).`,
      evidence,
      next: 'Look at the pods, events and logs of that revision.',
      rank: Rank.echo + 8,
    };
  }
  if (waits !== undefined && !known) {
    return {
      state: about.state ?? 'progressing',
      sentence: `${about.what}: ${waits}.`,
      evidence,
      next: 'Wait.',
      rank: Rank.echo + (reason === 'MinimumReplicasUnavailable' ? 1 : 4),
    };
  }
  const told = message.includes(' failed with message: ') && !isEmpty(text);
  if (told && /^exit code \d+\.?$/.test(text)) {
    return {
      state: 'degraded',
      sentence: `${about.what}: its container ends with ${text.replace('.', '')}.`,
      evidence,
      next: 'Read the log of the container: kubectl logs --previous.',
      rank: Rank.exit - 1,
    };
  }
  if (ECHO_TEXTS.some(words => text.toLowerCase().includes(words))) {
    return findingOf(
      about.what,
      { cause: REASONS.ProgressDeadlineExceeded, position: 0 },
      firstWords(message),
      { evidence, next: '', rank: Rank.echo + 9 },
    );
  }
  if (known || told || (message && !echo && status === 'False')) {
    return findingOf(
      about.what,
      known,
      told ? quoteAt(message) : firstWords(message),
      {
        evidence,
        next: 'Read the message of the condition, and the objects that it names.',
        rank: about.rank ?? (told ? Rank.reported - 2 : Rank.condition),
      },
    );
  }
  return {
    state: status === 'False' ? (about.state ?? 'degraded') : 'progressing',
    sentence: message
      ? `${about.what}: ${clean(firstWords(message), 200).replace(/[.]$/, '')}.`
      : `${about.what}: ${clean(type)} is ${clean(status)}${reason ? ` (${clean(reason)})` : ''}.`,
    evidence,
    next: status === 'False' ? 'Look at the pods, events and logs.' : 'Wait.',
    rank:
      Rank.echo +
      (message ? 2 : 0) -
      (type === 'Ready' ? 4 : 0) -
      (status === 'False' ? 0 : 2),
  };
}

const COMPONENTS = ['Predictor', 'Transformer', 'Explainer'];

function aboutOf(situation: Situation, type: string): string {
  const component = COMPONENTS.find(name => type.startsWith(name));
  if (component) {
    return `The ${component.toLowerCase()} is not ready`;
  }
  return type.startsWith('Ingress') || type.startsWith('Route')
    ? 'The route is not ready'
    : `The ${situation.kind || 'service'} is not ready`;
}

/** KServe says itself that it is on its way. */
function isInProgress({ status }: Situation): boolean {
  return textAt(status, 'modelStatus', 'transitionStatus') === 'InProgress';
}

/** Conditions that are True in a bad way, or False in a good one. */
const NOT_OF_HEALTH = ['Stopped', 'CanaryReady', 'GroupDegraded'];

/** What the subject's own conditions say, as far as they are not True. */
export function conditionFindings(situation: Situation): Finding[] {
  return situation.conditions
    .filter(({ type, status }) =>
      type === 'GroupDegraded'
        ? status === 'True'
        : status !== 'True' && !NOT_OF_HEALTH.includes(type),
    )
    .map(condition =>
      toFinding(condition, {
        source: titleOf(situation.subject),
        what: aboutOf(situation, condition.type),
        ...(isInProgress(situation) && { state: 'progressing' as const }),
      }),
    );
}

/** `Revision x`, `HTTPRoute y`: how a sentence names an object. */
export function shortName(object: unknown): string {
  return clean(`${kindOf(object)} ${nameOf(object)}`);
}
