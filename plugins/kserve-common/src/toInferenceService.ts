// SPDX-License-Identifier: Apache-2.0
import {
  at,
  fieldsOf,
  annotationOf,
  listAt,
  numberAt,
  textAt,
  timeAt,
} from './explain/fields';
import { clean } from './explain/quote';
import {
  conditionOf,
  createSituation,
  type Situation,
} from './explain/Situation';
import { askedTraffic, readTraffic } from './explain/traffic';
import {
  explainInferenceService,
  type KserveMaterial,
} from './explainInferenceService';
import type {
  KserveCondition,
  KserveInferenceService,
  KserveState,
  KserveTraffic,
} from './types';
import {
  readComponents,
  readProtocol,
  readRuntime,
} from './view/readComponents';
import { readEvents, readPods } from './view/readPods';
import { readRollout } from './view/readRollout';

function readTrafficOf(situation: Situation): KserveTraffic {
  const asked = askedTraffic(situation);
  const routed = readTraffic(situation);
  const share = (shares: KserveTraffic['asked'], revision: string) =>
    shares?.find(one => one.revision === revision)?.percent ?? 0;
  // Rounding of weights is no disagreement.
  const differs = [...(asked ?? []), ...(routed ?? [])].find(
    ({ revision }) =>
      Math.abs(share(asked, revision) - share(routed, revision)) >= 1,
  )?.revision;
  return {
    asked,
    routed,
    observed: null,
    ...(asked &&
      routed &&
      differs && {
        mismatch: `The spec asks ${share(asked, differs)} % for ${differs}, but the route gives it ${share(routed, differs)} %.`,
      }),
  };
}

const STATUSES: readonly string[] = ['True', 'False', 'Unknown'];

function readConditionsOf({ conditions }: Situation): KserveCondition[] {
  return conditions.map(({ type, status, reason, message, time }) => ({
    type,
    status: STATUSES.includes(status)
      ? (status as KserveCondition['status'])
      : 'Unknown',
    ...(reason && { reason }),
    ...(message && { message }),
    ...(time !== undefined && { lastTransitionTime: time }),
  }));
}

function readModelStatus({
  status,
}: Situation): KserveInferenceService['modelStatus'] {
  const model = fieldsOf(status.modelStatus);
  if (!Object.keys(model).length) {
    return undefined;
  }
  const failure = model.lastFailureInfo;
  const text = (...path: string[]) => textAt(model, ...path) || undefined;
  return {
    transitionStatus: text('transitionStatus'),
    activeModelState: text('states', 'activeModelState'),
    targetModelState: text('states', 'targetModelState'),
    ...(failure !== undefined && {
      failure: {
        location: text('lastFailureInfo', 'location'),
        reason: text('lastFailureInfo', 'reason'),
        message: text('lastFailureInfo', 'message'),
        exitCode: numberAt(failure, 'exitCode'),
        time: timeAt(failure, 'time'),
      },
    }),
  };
}

/** Annotations of `greenroom.dev/` by the field that they fill. */
const MODEL_ANNOTATIONS = {
  name: 'greenroom.dev/model',
  version: 'greenroom.dev/model-version',
  runId: 'greenroom.dev/mlflow-run-id',
  sourceRepo: 'greenroom.dev/source-repo',
  sourceCommit: 'greenroom.dev/source-commit',
  ciRunUrl: 'greenroom.dev/ci-run-url',
} as const;

function readModel({
  subject,
  spec,
}: Situation): KserveInferenceService['model'] {
  const found = Object.entries(MODEL_ANNOTATIONS).flatMap(([field, key]) => {
    const value =
      annotationOf(subject, key) ||
      textAt(spec, 'predictor', 'annotations', key);
    return value ? [[field, value]] : [];
  });
  return found.length ? Object.fromEntries(found) : undefined;
}

/** Since when the condition that says the state says it; not known where it says another one. */
function readSince(
  { conditions, subject }: Situation,
  state: KserveState,
): number | undefined {
  const isReady = conditionOf(conditions, 'Ready')?.status === 'True';
  if (isReady && (state === 'degraded' || state === 'progressing')) {
    return undefined;
  }
  return (
    (state === 'stopped'
      ? conditionOf(conditions, 'Stopped')?.time
      : undefined) ??
    conditionOf(conditions, 'Ready')?.time ??
    timeAt(subject, 'metadata', 'creationTimestamp')
  );
}

function readUrl({ status }: Situation): string | undefined {
  return (
    textAt(status, 'url') ||
    textAt(status, 'address', 'url') ||
    listAt(status, 'addresses')
      .map(address => textAt(address, 'url'))
      .find(Boolean) ||
    textAt(status, 'address') ||
    undefined
  );
}

/**
 * Makes what the page shows from the objects of a namespace; undefined when the
 * inference service itself is not among them.
 *
 * @public
 */
export function toInferenceService(
  material: KserveMaterial & { cluster: string },
): KserveInferenceService | undefined {
  const { cluster, subject } = material;
  const situation = createSituation(material);
  const { kind } = situation;
  if (kind !== 'InferenceService' && kind !== 'LLMInferenceService') {
    return undefined;
  }
  const explanation = explainInferenceService(material);
  return {
    cluster,
    namespace: subject.namespace,
    name: subject.name,
    kind,
    explanation,
    deploymentMode: situation.mode,
    runtime: readRuntime(situation) || undefined,
    url: readUrl(situation),
    protocol: readProtocol(situation),
    model: readModel(situation),
    traffic: readTrafficOf(situation),
    conditions: readConditionsOf(situation),
    modelStatus: readModelStatus(situation),
    canaries: listAt(situation.status, 'canaryStatuses').map(canary => ({
      name: clean(textAt(canary, 'name')),
      ready: canary.ready === true,
      trafficPercent: numberAt(canary, 'trafficPercent'),
    })),
    components: readComponents(situation),
    pods: readPods(situation),
    events: readEvents(situation),
    rollout: readRollout(situation, explanation.state),
    createdAt: timeAt(at(situation.subject, 'metadata'), 'creationTimestamp'),
    since: readSince(situation, explanation.state),
  };
}
