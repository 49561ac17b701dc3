// SPDX-License-Identifier: Apache-2.0
import type { Cause } from './Cause';
import { refusalCauses } from './refusalCauses';

/** Reasons that repeat what stands below them. */
export const ECHO_REASONS = [
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
export const ECHO_TEXTS = [
  'timed out progressing',
  'initial scale was never achieved',
];
/** Ends of reasons that repeat what stands below them. */
export const ECHO_ENDINGS = [' ingress not created', ' not ready', 'NotReady'];

/** Reasons that name a wait of which controllers get out by themselves. */
export const WAITING_REASONS: Record<string, string> = {
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
export const CONDITION_REASONS: Record<string, Cause> = {
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
