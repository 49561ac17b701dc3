// SPDX-License-Identifier: Apache-2.0
import {
  at,
  fieldsOf,
  labelOf,
  listAt,
  nameOf,
  numberAt,
  textAt,
  textsAt,
  type Fields,
} from '../explain/fields';
import { componentOf, isCurrent, isReady } from '../explain/pods';
import type { Situation } from '../explain/Situation';
import { replicasOf } from '../explain/workloadFindings';
import type { KserveComponent } from '../types';

/** Keys of a predictor that are a framework in KServe's older form: `predictor.sklearn`. */
const FRAMEWORKS = [
  'sklearn',
  'xgboost',
  'lightgbm',
  'tensorflow',
  'pytorch',
  'triton',
  'onnx',
  'pmml',
  'paddle',
  'huggingface',
];

/** The part of a component's spec that names model, image and resources. */
function implementationOf(spec: Fields): Fields {
  const named = ['model', ...FRAMEWORKS]
    .map(key => fieldsOf(spec[key]))
    .find(found => Object.keys(found).length);
  const [container] = [
    ...listAt(spec, 'containers').filter(
      ({ name }) => name === 'kserve-container' || name === 'main',
    ),
    ...listAt(spec, 'containers'),
    ...listAt(spec, 'custom'),
  ];
  return named ?? container ?? fieldsOf(undefined);
}

function mainContainer(containers: Fields[]): Fields | undefined {
  return (
    containers.find(({ name }) =>
      [
        'kserve-container',
        'kfserving-container',
        'user-container',
        'main',
      ].includes(String(name)),
    ) ?? containers[0]
  );
}

function storageUriOf(implementation: Fields, spec: Fields): string {
  return (
    textAt(implementation, 'storageUri') ||
    textAt(spec, 'uri') ||
    textAt(
      listAt(implementation, 'env').find(
        ({ name }) => name === 'STORAGE_URI',
      ) ?? {},
      'value',
    )
  );
}

/** The pods of what a workload asks for now: those of before it and of a canary are not counted with them. */
function ofWorkload(
  situation: Situation,
  pods: Fields[],
  workload: Fields | undefined,
): Fields[] {
  const own = pods.filter(
    pod => workload && nameOf(pod).startsWith(`${nameOf(workload)}-`),
  );
  return own.length > 0
    ? own.filter(
        pod =>
          isCurrent(situation, pod) &&
          !textAt(pod, 'metadata', 'deletionTimestamp'),
      )
    : pods;
}

function readComponent(
  situation: Situation,
  name: string,
  spec: Fields,
): KserveComponent {
  const status = fieldsOf(at(situation.status, 'components', name));
  const implementation = implementationOf(spec);
  const pods = situation.pods.filter(
    pod => componentOf(situation, pod) === name,
  );
  const workloads = ['Deployment', 'LeaderWorkerSet', 'StatefulSet']
    .flatMap(situation.own)
    .filter(workload => (labelOf(workload, 'component') || name) === name);
  const newest = workloads.reduce<Fields | undefined>(
    (one, other) =>
      one &&
      textAt(one, 'metadata', 'creationTimestamp') >=
        textAt(other, 'metadata', 'creationTimestamp')
        ? one
        : other,
    undefined,
  );
  const container =
    mainContainer(listAt(newest, 'spec', 'template', 'spec', 'containers')) ??
    mainContainer(pods.flatMap(pod => listAt(pod, 'spec', 'containers')));
  const image = textAt(container, 'image') || textAt(implementation, 'image');
  const resources = [
    fieldsOf(at(container, 'resources')),
    fieldsOf(implementation.resources),
  ].find(found => Object.keys(found).length);
  const storageUri = storageUriOf(implementation, spec);
  const url = textAt(status, 'url') || textAt(status, 'address', 'url');
  const latestReadyRevision = textAt(status, 'latestReadyRevision');
  const latestCreatedRevision = textAt(status, 'latestCreatedRevision');
  const desired = newest
    ? replicasOf(newest).desired
    : numberAt(spec, 'minReplicas');
  return {
    name,
    replicas: {
      ...(desired !== undefined && { desired }),
      ready: pods.length
        ? ofWorkload(situation, pods, newest).filter(isReady).length
        : replicasOf(newest ?? {}).ready,
    },
    ...(image && { image }),
    ...(storageUri && { storageUri }),
    ...(resources && {
      resources: {
        ...(resources.requests !== undefined && {
          requests: textsAt(resources, 'requests'),
        }),
        ...(resources.limits !== undefined && {
          limits: textsAt(resources, 'limits'),
        }),
      },
    }),
    ...(url && { url }),
    ...(latestReadyRevision && { latestReadyRevision }),
    ...(latestCreatedRevision && { latestCreatedRevision }),
  };
}

/** Predictor, transformer and explainer; the workload of an LLMInferenceService. */
export function readComponents(situation: Situation): KserveComponent[] {
  const { spec, kind } = situation;
  if (kind === 'LLMInferenceService') {
    const workload = {
      ...fieldsOf(spec.template),
      uri: textAt(spec, 'model', 'uri'),
      minReplicas: numberAt(spec, 'replicas') ?? 1,
    };
    const names = [
      ...new Set(situation.pods.map(pod => componentOf(situation, pod))),
    ];
    return (names.length ? names : ['workload']).map(name =>
      readComponent(situation, name, workload),
    );
  }
  // KFServing's v1alpha2 has `default` and `canary`, each with its components.
  const base = Object.keys(fieldsOf(spec.default)).length
    ? fieldsOf(spec.default)
    : spec;
  return ['predictor', 'transformer', 'explainer']
    .filter(
      name =>
        Object.keys(fieldsOf(base[name])).length > 0 ||
        at(situation.status, 'components', name) !== undefined,
    )
    .map(name => readComponent(situation, name, fieldsOf(base[name])));
}

/** Name of the runtime: as the status says, else as the spec asks. */
export function readRuntime({ status, spec }: Situation): string {
  return (
    textAt(status, 'servingRuntimeName') ||
    textAt(status, 'clusterServingRuntimeName') ||
    textAt(spec, 'predictor', 'model', 'runtime')
  );
}

/** The protocol that the model server speaks, where anything tells. */
export function readProtocol(
  situation: Situation,
): 'v1' | 'v2' | 'openai' | undefined {
  const { spec, kind, objects } = situation;
  if (kind === 'LLMInferenceService') {
    return 'openai';
  }
  const model = fieldsOf(at(spec, 'predictor', 'model'));
  const format = textAt(model, 'modelFormat', 'name');
  if (['huggingface', 'vllm'].includes(format.toLowerCase())) {
    return 'openai';
  }
  const asked =
    textAt(model, 'protocolVersion') ||
    ['sklearn', 'xgboost', 'triton', 'pytorch']
      .map(key => textAt(spec, 'predictor', key, 'protocolVersion'))
      .find(Boolean);
  const known: Record<string, 'v1' | 'v2'> = {
    v1: 'v1',
    v2: 'v2',
    'grpc-v2': 'v2',
  };
  if (asked && Object.hasOwn(known, asked)) {
    return known[asked];
  }
  const runtime = objects.find(
    object =>
      ['ServingRuntime', 'ClusterServingRuntime'].includes(
        textAt(object, 'kind'),
      ) && nameOf(object) === readRuntime(situation),
  );
  const offered = at(runtime, 'spec', 'protocolVersions');
  const first = Array.isArray(offered)
    ? offered.find(one => typeof one === 'string' && Object.hasOwn(known, one))
    : undefined;
  return first ? known[String(first)] : undefined;
}
