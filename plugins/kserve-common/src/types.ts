// SPDX-License-Identifier: Apache-2.0

/**
 * A Kubernetes object as an API server or a file holds it. Nothing beyond these
 * fields is trusted: readers check what they read.
 *
 * @public
 */
export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata?: {
    name?: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: Array<{ kind?: string; name?: string; uid?: string }>;
    finalizers?: string[];
  };
  [field: string]: unknown;
}

/**
 * What an inference service is in one word. `ready`: requests are answered as
 * the spec wants. `progressing`: expected to converge by itself. `degraded`:
 * somebody must act, even where an older revision still answers. `stopped`: on
 * purpose. `unknown`: the status says nothing, or its children contradict it.
 *
 * @public
 */
export type KserveState =
  'ready' | 'progressing' | 'degraded' | 'stopped' | 'unknown';

/**
 * What proves a sentence: the object or log it stands in, and its own words.
 *
 * @public
 */
export interface KserveEvidence {
  /** For people, e.g. `Pod team-a/churn-7c9 · kserve-container log`. */
  source: string;
  /** Verbatim; cut with `…` at its end when long. */
  quote: string;
}

/**
 * A share of the traffic. `revision` is Knative's revision, or in Standard mode
 * the backend Service of the route.
 *
 * @public
 */
export interface KserveTrafficShare {
  revision: string;
  /** 0 to 100. */
  percent: number;
}

/**
 * The answer to "how is it, and why".
 *
 * @public
 */
export interface KserveExplanation {
  state: KserveState;
  /** One sentence that a tired person understands. */
  sentence: string;
  /** Ranked, the decisive one first. */
  reasons: string[];
  /** Ranked, the best proof first. */
  evidence: KserveEvidence[];
  /** What to do now; empty when there is nothing to do. */
  next: string;
  /** What a client gets now; null where no route or revision tells. */
  traffic: KserveTrafficShare[] | null;
}

/**
 * A condition of the status, as it is.
 *
 * @public
 */
export interface KserveCondition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  /** ms since 1970. */
  lastTransitionTime?: number;
}

/**
 * What the spec asks, what the route does, and what was counted.
 *
 * @public
 */
export interface KserveTraffic {
  asked: KserveTrafficShare[] | null;
  routed: KserveTrafficShare[] | null;
  /** From counters of the gateway, where configured. */
  observed: KserveTrafficShare[] | null;
  /** One sentence when these disagree. */
  mismatch?: string;
}

/**
 * A step of a rollout, computed from pods, events and conditions.
 *
 * @public
 */
export interface KserveRolloutStep {
  name:
    | 'scheduled'
    | 'image-pulled'
    | 'storage-fetched'
    | 'model-loaded'
    | 'routed'
    | 'ready';
  state: 'done' | 'active' | 'failed' | 'waiting' | 'skipped';
  /** ms since 1970. */
  startedAt?: number;
  finishedAt?: number;
  /** What the step took in earlier rollouts of this model, median in ms. */
  typicalMs?: number;
}

/**
 * A container of a pod.
 *
 * @public
 */
export interface KserveContainer {
  name: string;
  init: boolean;
  ready: boolean;
  state: 'waiting' | 'running' | 'terminated' | 'unknown';
  reason?: string;
  message?: string;
  restarts: number;
  image?: string;
  /** ms since 1970. */
  startedAt?: number;
  lastTermination?: {
    reason?: string;
    exitCode?: number;
    message?: string;
    finishedAt?: number;
  };
}

/**
 * A pod of an inference service.
 *
 * @public
 */
export interface KservePod {
  name: string;
  /** `predictor`, `transformer`, `explainer`, or KServe's name of another component. */
  component: string;
  phase: string;
  ready: boolean;
  node?: string;
  /** ms since 1970. */
  createdAt?: number;
  containers: KserveContainer[];
}

/**
 * An event about an inference service or what it owns.
 *
 * @public
 */
export interface KserveEvent {
  /** e.g. `Pod/churn-predictor-7c9`. */
  object: string;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  count: number;
  /** ms since 1970. */
  firstSeen?: number;
  lastSeen?: number;
}

/**
 * A predictor, transformer or explainer, stable or canary.
 *
 * @public
 */
export interface KserveComponent {
  name: string;
  image?: string;
  /** Storage URI of the model, where it is not in the image. */
  storageUri?: string;
  replicas: { desired?: number; ready: number };
  /** Kubernetes' quantities, e.g. `{ requests: { cpu: '50m' } }`. */
  resources?: {
    requests?: Record<string, string>;
    limits?: Record<string, string>;
  };
  url?: string;
  latestReadyRevision?: string;
  latestCreatedRevision?: string;
}

/**
 * An InferenceService or LLMInferenceService with all that its page shows.
 * Times are ms since 1970.
 *
 * @public
 */
export interface KserveInferenceService {
  cluster: string;
  namespace: string;
  name: string;
  kind: 'InferenceService' | 'LLMInferenceService';
  explanation: KserveExplanation;
  /** KServe's current names; `RawDeployment` and `Serverless` are normalised. */
  deploymentMode?: 'Standard' | 'Knative' | 'ModelMesh';
  /** Name of the ServingRuntime or ClusterServingRuntime. */
  runtime?: string;
  /** Where clients send requests. */
  url?: string;
  protocol?: 'v1' | 'v2' | 'openai';
  /** From `greenroom.dev/` annotations: what is served, and from where it came. */
  model?: {
    name?: string;
    version?: string;
    runId?: string;
    sourceRepo?: string;
    sourceCommit?: string;
    ciRunUrl?: string;
  };
  traffic: KserveTraffic;
  conditions: KserveCondition[];
  modelStatus?: {
    transitionStatus?: string;
    activeModelState?: string;
    targetModelState?: string;
    failure?: {
      location?: string;
      reason?: string;
      message?: string;
      exitCode?: number;
      time?: number;
    };
  };
  canaries: Array<{
    name: string;
    ready: boolean;
    trafficPercent?: number;
  }>;
  components: KserveComponent[];
  pods: KservePod[];
  /** Newest first. */
  events: KserveEvent[];
  rollout: KserveRolloutStep[];
  createdAt?: number;
  /** Since when the state is what it is, where conditions tell. */
  since?: number;
}
