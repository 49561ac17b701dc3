// SPDX-License-Identifier: Apache-2.0
import {
  condition,
  container,
  crashing,
  deployment,
  event,
  fetching,
  MISSING,
  NAME,
  NAMESPACE,
  object,
  pod,
  POD,
  READY,
  revisions,
  service,
  STANDARD,
  UNAVAILABLE,
  type Situation,
} from './build';

const ISSUE = 'https://github.com/kserve/kserve/issues/';
const ARGO =
  'https://github.com/argoproj/argo-cd/blob/master/resource_customizations/serving.kserve.io/';
const READY_POD = pod([container('kserve-container', 'ready')]);
const log = (text: string, name = 'kserve-container') => ({
  [`${POD}_${name}`]: text,
});
const first = { status: revisions(1, 1, { 1: 100 }) };
const all = [{ revision: 'churn-predictor-00001', percent: 100 }];
const OLD = { labels: { 'serving.kubeflow.org/inferenceservice': NAME } };

/**
 * Situations that people described in public threads, with what they quoted;
 * names are replaced, and what surrounds the quotes is what KServe writes. They
 * were labelled before the code saw them.
 */
export const publicIssues: readonly Situation[] = [
  {
    name: 'Ready stays True while the only pod crashes after a restart',
    source: `${ISSUE}1859`,
    objects: [service(READY, first), fetching(), deployment([1, 1, 0])],
    state: ['degraded'],
    words: ['storage-initializer'],
    proof: ['back-off', 'exitCode'],
    traffic: all,
  },
  {
    name: 'Ready, although the server has no model',
    source: `${ISSUE}1791`,
    objects: [service(READY, first), READY_POD],
    logs: log(
      "[I 210906 08:11:56 storage:50] Copying contents of /mnt/models to local\n[E 210906 08:11:56 __main__:45] fail to load model churn from dir /mnt/models. exception type <class 'xgboost.core.XGBoostError'>, exception msg: b'[08:11:56] /workspace/dmlc-core/src/io/local_filesys.cc:209: Check failed: allow_null LocalFileSystem::Open \"/mnt/models/model.bst\": No such file or directory\\n\\nStack trace returned 10 entries:'\n[I 210906 08:11:56 kfserver:88] Listening on port 8080",
    ),
    state: ['degraded'],
    words: ['not loaded', 'no such file', 'fail to load'],
    proof: ['fail to load model churn'],
    traffic: all,
  },
  {
    name: 'the second revision has no node with enough memory',
    source: `${ISSUE}1601`,
    objects: [
      service(
        [
          '!PredictorConfigurationReady=Unknown',
          'PredictorReady=Unknown',
          'Ready=Unknown',
        ],
        { apiVersion: 'serving.kubeflow.org/v1beta1', status: revisions(2, 0) },
      ),
      pod([container('kfserving-container', 'running')], {
        name: 'churn-predictor-00001-deployment-55fzslh',
        labels: { 'serving.knative.dev/revision': 'churn-predictor-00001' },
      }),
      pod([], {
        name: 'churn-predictor-00002-deployment-76mg6md',
        labels: { 'serving.knative.dev/revision': 'churn-predictor-00002' },
        scheduled: false,
        status: {
          conditions: [
            condition(
              'PodScheduled=False/Unschedulable: 0/1 nodes are available: 1 Insufficient memory.',
            ),
          ],
        },
      }),
    ],
    state: ['degraded'],
    words: ['memory'],
    proof: ['Insufficient memory'],
  },
  {
    name: 'a quota wants memory to be specified',
    source: `${ISSUE}1242`,
    objects: [
      service(MISSING, {
        apiVersion: 'serving.kubeflow.org/v1beta1',
        status: revisions(1, 0),
      }),
      event(
        'ReplicaSet/churn-predictor-00001-deployment-6495b57c45 FailedCreate: Error creating: pods "churn-predictor-00001-deployment-6495b57c4598k2x" is forbidden: failed quota: kf-resource-quota: must specify memory',
      ),
    ],
    state: ['degraded'],
    words: ['quota'],
    proof: ['failed quota: kf-resource-quota: must specify memory'],
  },
  {
    name: 'the webhook that mutates pods refuses connections',
    source: `${ISSUE}985`,
    objects: [
      service(UNAVAILABLE, { status: STANDARD }),
      deployment(
        [1, 0, 0],
        [
          'Available=False/MinimumReplicasUnavailable: Deployment does not have minimum availability.',
          'ReplicaFailure=True/FailedCreate: Internal error occurred: failed calling webhook "inferenceservice.kserve-webhook-server.pod-mutator": Post https://kserve-webhook-server-service.kserve.svc:443/mutate-pods?timeout=30s: dial tcp 10.43.215.131:443: connect: connection refused',
        ],
      ),
    ],
    state: ['degraded'],
    words: ['webhook'],
    proof: ['failed calling webhook'],
  },
  {
    name: 'the volume is attached to another node',
    source: `${ISSUE}3409`,
    objects: [
      service(['PredictorReady=Unknown', 'Ready=Unknown'], {
        status: revisions(1, 0),
      }),
      pod([
        container('storage-initializer', 'waiting:/PodInitializing', {
          init: true,
        }),
        container('kserve-container', 'waiting:/PodInitializing'),
      ]),
      event(
        `Pod/${POD} FailedAttachVolume: Multi-Attach error for volume "pvc-6d1de1c7-1c8e-4de8-9963-212010be3f20" Volume is already used by pod(s) model-store-pod`,
      ),
      event(
        `Pod/${POD} FailedMount: Unable to attach or mount volumes: unmounted volumes=[kserve-pvc-source], unattached volumes=[kube-api-access-fnr57 kserve-pvc-source kserve-provision-location]: timed out waiting for the condition`,
      ),
    ],
    state: ['degraded'],
    words: ['multi-attach', 'another node', 'already used'],
    proof: ['Multi-Attach error for volume'],
  },
  {
    name: 'storageUris make a Deployment that is not valid',
    source: `${ISSUE}4819`,
    objects: [
      service([], { status: STANDARD }),
      event(
        'InferenceService/churn InternalError: fails to reconcile predictor: Deployment.apps "churn-predictor" is invalid: spec.template.spec.initContainers[0].volumeMounts[0].name: Not found: "kserve-provision-location"',
      ),
    ],
    state: ['degraded'],
    words: ['volumemounts', 'not valid', 'invalid'],
    proof: ['is invalid: spec.template.spec.initContainers[0]'],
  },
  {
    name: 'the initializer does not know the storage',
    source: `${ISSUE}1298`,
    objects: [service(MISSING, { status: revisions(1, 0) }), fetching()],
    logs: log(
      "[I 210113 06:04:10 initializer-entrypoint:13] Initializing, args: src_uri [/mnt/pvc] dest_path[ [/mnt/models]\nTraceback (most recent call last):\n  File \"/storage-initializer/scripts/initializer-entrypoint\", line 14, in <module>\n    kfserving.Storage.download(src_uri, dest_path)\nException: Cannot recognize storage type for /mnt/pvc\n'['gs://', 's3://', 'file://', 'https://', 'http://']' are the current available storage type.",
      'storage-initializer',
    ),
    state: ['degraded'],
    words: ['recognize storage type', 'not supported'],
    proof: ['Cannot recognize storage type for /mnt/pvc'],
  },
  {
    name: 'MLServer looks for MLmodel in the wrong folder',
    source: `${ISSUE}2768`,
    objects: [service(MISSING, { status: revisions(1, 0) }), crashing('')],
    logs: log(
      'Traceback (most recent call last):\n  File "/opt/mlserver/server.py", line 125, in start\n    await asyncio.gather(\nmlflow.exceptions.MlflowException: Could not find an "MLmodel" configuration file at "/mnt/models/data"\n2023-03-21 09:00:00,000 [mlserver.grpc] INFO - Waiting for gRPC server shutdown',
    ),
    state: ['degraded'],
    words: ['mlmodel'],
    proof: ['Could not find an "MLmodel" configuration file'],
  },
  {
    name: 'the Hugging Face server cannot use the GPU',
    source: `${ISSUE}3946`,
    objects: [service(MISSING, { status: revisions(1, 0) }), crashing('')],
    logs: log(
      'INFO 09-19 19:05:11 selector.py:116] Using XFormers backend.\n2024-09-19 19:05:23.712 1 kserve ERROR [__main__.py:<module>():315] Failed to start model server: NVML_SUCCESS == r INTERNAL ASSERT FAILED at "../c10/cuda/CUDACachingAllocator.cpp":844, please report a bug to PyTorch.',
    ),
    state: ['degraded'],
    words: ['nvml_success', 'gpu', 'cuda'],
    proof: ['NVML_SUCCESS == r INTERNAL ASSERT FAILED'],
  },
  {
    name: 'TorchServe is up without its worker',
    source: `${ISSUE}3021`,
    objects: [service(READY, first), READY_POD],
    logs: log(
      'Model server started.\n2023-07-05T13:39:58,365 [INFO ] epollEventLoopGroup-5-1 org.pytorch.serve.wlm.WorkerThread - 9000 Worker disconnected. WORKER_STARTED\n2023-07-05T13:39:58,366 [WARN ] W-9000-falcon_1.0 org.pytorch.serve.wlm.BatchAggregator - Load model failed: falcon, error: Worker died.',
    ),
    state: ['degraded'],
    words: ['load model failed', 'not loaded', 'worker died'],
    proof: ['Load model failed: falcon'],
    traffic: all,
  },
  {
    name: 'ModelMesh: Triton has no version of the model',
    source: 'https://github.com/kserve/modelmesh-serving/issues/221',
    objects: [
      service(['PredictorReady=False', 'Ready=False'], {
        metadata: {
          annotations: { 'serving.kserve.io/deploymentMode': 'ModelMesh' },
        },
        status: {
          modelStatus: {
            transitionStatus: 'BlockedByFailedLoad',
            states: { activeModelState: '', targetModelState: 'FailedToLoad' },
            lastFailureInfo: {
              message:
                "INTERNAL: Failed to load Model due to Triton runtime error: rpc error: code = Internal desc = failed to load 'churn__ksp-503f133797', no version is available",
              reason: 'ModelLoadFailed',
            },
          },
        },
      }),
    ],
    state: ['degraded'],
    words: ['no version is available', 'failed to load'],
    proof: ['no version is available'],
  },
  {
    name: 'the load balancer is waited for',
    source: `${ISSUE}1447`,
    objects: [
      service(
        [
          '!PredictorConfigurationReady=Unknown/Uninitialized: Waiting for load balancer to be ready',
          'PredictorReady=Unknown/Uninitialized: Waiting for load balancer to be ready',
          'Ready=Unknown/Uninitialized: Waiting for load balancer to be ready',
        ],
        first,
      ),
      READY_POD,
    ],
    state: ['progressing', 'degraded', 'unknown'],
    words: ['load balancer'],
    proof: ['Waiting for load balancer to be ready'],
    traffic: all,
  },
  {
    name: 'v1alpha2: the ingress is not reconciled',
    source: `${ISSUE}1419`,
    objects: [
      service(
        [
          'DefaultPredictorReady=Unknown/IngressNotConfigured: Ingress has not yet been reconciled.',
          'Ready=Unknown/IngressNotConfigured: Ingress has not yet been reconciled.',
          'RoutesReady=Unknown/PredictorHostnameUnknown: Failed to reconcile predictor',
        ],
        {
          apiVersion: 'serving.kubeflow.org/v1alpha2',
          spec: {
            predictor: undefined,
            default: {
              predictor: {
                sklearn: { storageUri: 's3://bucket/sklearn/iris' },
              },
            },
          },
          status: {
            default: { predictor: { name: 'churn-predictor-default-x9x2v' } },
          },
        },
      ),
      pod([container('kfserving-container', 'ready')], { labels: OLD.labels }),
    ],
    state: ['progressing', 'degraded', 'unknown'],
    words: ['ingress'],
    proof: ['Ingress has not yet been reconciled', 'IngressNotConfigured'],
  },
  {
    name: 'no runtime is installed',
    source: `${ISSUE}2372`,
    objects: [
      service([], {
        status: {
          modelStatus: {
            lastFailureInfo: {
              message:
                'No runtime found to support specified framework/version',
              reason: 'NoSupportingRuntime',
            },
            states: { activeModelState: '', targetModelState: 'FailedToLoad' },
            transitionStatus: 'InvalidSpec',
          },
        },
      }),
      event(
        'InferenceService/churn InternalError: fails to reconcile component: no runtime found to support predictor with model type: {sklearn <nil>}',
        { count: 13 },
      ),
    ],
    state: ['degraded'],
    words: ['runtime'],
    proof: ['no runtime found'],
  },
  {
    name: 'a node is being added for it',
    source: 'https://github.com/knative/serving/issues/6788',
    objects: [
      service(['PredictorReady=Unknown', 'Ready=Unknown'], {
        status: revisions(1, 0),
      }),
      pod([], {
        scheduled: false,
        status: {
          conditions: [
            condition(
              'PodScheduled=False/Unschedulable: 0/5 nodes are available: 5 Insufficient cpu.',
            ),
          ],
        },
      }),
      event(
        `+Pod/${POD} TriggeredScaleUp: pod triggered scale-up: [{eks-gpu 1->2 (max: 4)}]`,
      ),
    ],
    state: ['progressing', 'degraded'],
    words: ['cpu'],
    proof: ['Insufficient cpu'],
  },
  {
    name: 'a failure of the past stands in the status of a model that is served',
    source: `${ISSUE}2962`,
    objects: [
      service(READY, {
        status: {
          ...revisions(1, 1, { 1: 100 }),
          modelStatus: {
            copies: { failedCopies: 0, totalCopies: 1 },
            lastFailureInfo: { exitCode: 137, reason: 'ModelLoadFailed' },
            states: { activeModelState: 'Loaded', targetModelState: 'Loaded' },
            transitionStatus: 'UpToDate',
          },
        },
      }),
      READY_POD,
    ],
    state: ['ready'],
    words: ['ready'],
    proof: ['Ready'],
    traffic: all,
  },
  {
    name: 'LLM: the pool is accepted, the status waits for a gateway',
    source: `${ISSUE}5986`,
    objects: [
      service(
        [
          '!GatewaysReady=True',
          '!InferencePoolReady=False/WaitingForGateway: Inference Pool team-a/churn-inference-pool exists but no Gateway controller has accepted it yet',
          'PresetsCombined=True',
          'Ready=False/WaitingForGateway: Inference Pool team-a/churn-inference-pool exists but no Gateway controller has accepted it yet',
          'RouterReady=False/WaitingForGateway: Inference Pool team-a/churn-inference-pool exists but no Gateway controller has accepted it yet',
          'WorkloadsReady=True',
        ],
        {
          kind: 'LLMInferenceService',
          spec: {
            model: { uri: 'hf://example/churn' },
            router: {
              gateway: { refs: [{ name: 'ai-gateway' }] },
              scheduler: {},
            },
          },
        },
      ),
      object('InferencePool', 'churn-inference-pool', {
        status: {
          parents: [
            {
              parentRef: { kind: 'Gateway', name: 'ai-gateway' },
              conditions: [
                condition(
                  'Accepted=True/Accepted: InferencePool has been Accepted by controller ai-gateway-controller: InferencePool reconciled successfully',
                ),
                condition('ResolvedRefs=True/ResolvedRefs'),
              ],
            },
          ],
        },
      }),
    ],
    state: ['unknown', 'degraded', 'progressing'],
    words: ['gateway', 'pool'],
    proof: [
      'Accepted by controller ai-gateway-controller',
      'no Gateway controller has accepted it yet',
    ],
  },
  {
    name: 'the folder is not in the volume',
    source: `${ISSUE}1939`,
    objects: [
      service(MISSING, { status: revisions(1, 0) }),
      fetching(
        '[I 211211 06:04:10 initializer-entrypoint:13] Initializing, args: src_uri [/mnt/pvc/export] dest_path[ [/mnt/models]\nTraceback (most recent call last):\n  File "/usr/local/lib/python3.7/site-packages/kserve/storage.py", line 234, in _download_local\n    raise RuntimeError("Local path %s does not exist." % (uri))\nRuntimeError: Local path /mnt/pvc/export does not exist.',
      ),
    ],
    state: ['degraded'],
    words: ['does not exist'],
    proof: ['Local path /mnt/pvc/export does not exist'],
  },
  {
    name: 'MinIO without credentials',
    source: `${ISSUE}3852`,
    objects: [service(MISSING, { status: revisions(1, 0) }), fetching()],
    logs: log(
      'Traceback (most recent call last):\n  File "/prod_venv/lib/python3.9/site-packages/botocore/auth.py", line 418, in add_auth\n    raise NoCredentialsError()\nbotocore.exceptions.NoCredentialsError: Unable to locate credentials',
      'storage-initializer',
    ),
    state: ['degraded'],
    words: ['credentials'],
    proof: ['Unable to locate credentials'],
  },
  {
    name: 'KEDA cannot read its trigger',
    source: 'https://github.com/llm-d/llm-d-benchmark/pull/1724',
    objects: [
      service(READY, { status: STANDARD }),
      READY_POD,
      deployment(
        [1, 1, 1],
        [
          'Available=True/MinimumReplicasAvailable',
          'Progressing=True/NewReplicaSetAvailable',
        ],
      ),
      object(
        'ScaledObject',
        'churn-predictor',
        {
          status: {
            conditions: [
              condition(
                'Ready=False/ScaledObjectCheckFailed: error parsing prometheus metadata: missing required parameter "serverAddress" in [triggerMetadata]',
              ),
              condition(
                'Active=Unknown/UnkownState: Failed to ensure HPA is correctly created for ScaledObject',
              ),
            ],
          },
        },
        { labels: { 'serving.kserve.io/inferenceservice': NAME } },
      ),
    ],
    state: ['degraded', 'ready'],
    words: ['scaledobject', 'keda', 'scale'],
    proof: ['missing required parameter'],
  },
  {
    name: 'TensorFlow Serving finds no version of the model',
    source: `${ISSUE}547`,
    objects: [
      service(['PredictorReady=Unknown', 'Ready=Unknown'], {
        status: revisions(1, 0),
      }),
      pod([container('kserve-container', 'running')]),
    ],
    logs: log(
      '2019-11-12 20:01:47.406812: I tensorflow_serving/model_servers/server_core.cc:561]  (Re-)adding model: churn\n2019-11-12 20:01:47.407275: W tensorflow_serving/sources/storage_path/file_system_storage_path_source.cc:267] No versions of servable churn found under base path /mnt/models\n2019-11-12 20:01:48.407275: W tensorflow_serving/sources/storage_path/file_system_storage_path_source.cc:267] No versions of servable churn found under base path /mnt/models',
    ),
    state: ['degraded'],
    words: ['no versions of servable', 'not found', 'not where'],
    proof: ['No versions of servable churn found under base path'],
  },
  {
    name: 'caikit: the process below it did not boot',
    source: 'https://github.com/opendatahub-io/caikit-tgis-serving/issues/88',
    objects: [service(READY, first), READY_POD],
    logs: log(
      '{"channel": "MODEL-LOADER", "exception": null, "level": "error", "log_code": "<RUN62912924E>", "message": "load failed when processing path: /mnt/models/flan-t5-small-caikit with error: RuntimeError(\'TGIS failed to boot up with the model. See logs for details\')", "model_id": "flan-t5-small-caikit", "num_indent": 0}',
    ),
    state: ['degraded', 'ready'],
    words: ['tgis failed', 'not loaded', 'load failed'],
    proof: ['load failed when processing path'],
    traffic: all,
  },
  {
    name: 'a canary gets a fifth',
    source: `${ISSUE}2130`,
    objects: [
      service(READY, {
        spec: {
          predictor: {
            canaryTrafficPercent: 20,
            tensorflow: { storageUri: 'gs://models/flowers-2' },
          },
        },
        status: revisions(3, 3, { 3: 20, 2: 80 }),
      }),
    ],
    state: ['ready'],
    words: ['20 %', 'canary'],
    proof: ['churn-predictor-00003', 'churn-predictor-00002'],
    traffic: [
      { revision: 'churn-predictor-00003', percent: 20 },
      { revision: 'churn-predictor-00002', percent: 80 },
    ],
  },
  {
    name: 'the tag of the image does not exist',
    source: `${ISSUE}3123`,
    objects: [
      service(['PredictorReady=Unknown', 'Ready=Unknown'], {
        status: revisions(1, 0),
      }),
      pod([
        container(
          'kserve-container',
          'waiting:/ImagePullBackOff: Back-off pulling image "registry.example.com/llm:0.7.1-gpu"',
        ),
      ]),
      event(
        `Pod/${POD} Failed: Failed to pull image "registry.example.com/llm:0.7.1-gpu": rpc error: code = NotFound desc = failed to pull and unpack image "registry.example.com/llm:0.7.1-gpu": failed to resolve reference "registry.example.com/llm:0.7.1-gpu": registry.example.com/llm:0.7.1-gpu: not found`,
      ),
      event(`Pod/${POD} Failed: Error: ImagePullBackOff`, {
        time: '2026-09-01T10:06:00Z',
      }),
    ],
    state: ['degraded'],
    words: ['not found', 'does not have'],
    proof: ['0.7.1-gpu: not found', 'failed to resolve reference'],
  },
  {
    name: 'no status is written while the Deployment progresses',
    source: `${ISSUE}4454`,
    objects: [
      service([], {
        metadata: {
          annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' },
        },
      }),
      pod([container('kserve-container', 'running')]),
      deployment(
        [1, 1, 0],
        [
          'Available=False/MinimumReplicasUnavailable: Deployment does not have minimum availability.',
          'Progressing=True/ReplicaSetUpdated: ReplicaSet "churn-predictor-7c9d8f6b5" is progressing.',
        ],
      ),
    ],
    state: ['progressing', 'unknown'],
    words: ['starting', 'being loaded', 'rolling', 'progress'],
    proof: ['startedAt', 'is progressing', 'ReplicaSetUpdated'],
  },
  {
    name: 'vLLM aborts itself',
    source: `${ISSUE}5056`,
    objects: [
      service(MISSING, { status: revisions(1, 0) }),
      crashing('', { exitCode: 134 }),
    ],
    logs: log(
      "DEBUG 02-11 02:14:15 [__init__.py:45] TPU platform is not available because: No module named 'libtpu'\nINFO 02-11 02:14:15 [__init__.py:239] Automatically detected platform cuda.\nINFO 02-11 02:14:20 [config.py:585] This model supports multiple tasks\ndouble free or corruption (out)",
    ),
    state: ['degraded'],
    words: ['double free', 'aborted'],
    proof: ['double free or corruption', '134'],
  },
  {
    name: "only the controller's log tells that no runtime serves MLflow",
    source: `${ISSUE}5029`,
    objects: [service([])],
    logs: {
      'kserve-controller-manager-5f7c9d8b6-w4k2p_manager': `{"level":"error","ts":"2026-01-23T09:33:08Z","msg":"Reconciler error","controller":"inferenceservice","InferenceService":{"name":"churn","namespace":"${NAMESPACE}"},"namespace":"${NAMESPACE}","name":"churn","error":"fails to reconcile component: no runtime found to support predictor with model type: {mlflow <nil>}"}`,
    },
    state: ['degraded'],
    words: ['runtime'],
    proof: [
      'no runtime found to support predictor with model type: {mlflow <nil>}',
    ],
  },
  {
    name: 'the controller panics over the service',
    source: `${ISSUE}4703`,
    objects: [
      service([], {
        metadata: {
          annotations: { 'serving.kserve.io/autoscalerClass': 'external' },
        },
      }),
    ],
    logs: {
      'kserve-controller-manager-5f7c9d8b6-w4k2p_manager': `{"level":"error","ts":"2025-09-24T08:00:00Z","msg":"Observed a panic","controller":"inferenceservice","namespace":"${NAMESPACE}","name":"churn","panic":"runtime error: invalid memory address or nil pointer dereference"}\n{"level":"error","ts":"2025-09-24T08:00:00Z","msg":"Reconciler error","controller":"inferenceservice","namespace":"${NAMESPACE}","name":"churn","error":"panic: runtime error: invalid memory address or nil pointer dereference [recovered]"}`,
    },
    state: ['degraded', 'unknown'],
    words: ['panic'],
    proof: ['panic'],
  },
  {
    name: 'the ingress of a revision cannot be reconciled',
    source: `${ISSUE}1474`,
    objects: [
      service(
        [
          '!PredictorConfigurationReady=True',
          'PredictorReady=False/ReconcileIngressFailed: Ingress reconciliation failed',
          '!PredictorRouteReady=False/ReconcileIngressFailed: Ingress reconciliation failed',
          'Ready=False/ReconcileIngressFailed: Ingress reconciliation failed',
        ],
        { status: revisions(4, 4, { 4: 100 }) },
      ),
      READY_POD,
    ],
    state: ['degraded'],
    words: ['ingress'],
    proof: ['Ingress reconciliation failed'],
    traffic: [{ revision: 'churn-predictor-00004', percent: 100 }],
  },
  // The second round, labelled before the code saw it as well.
  {
    name: "LLM: the route's Gateway is said not to exist, and exists",
    source: `${ISSUE}4972`,
    objects: [
      service(
        [
          'PresetsCombined=True',
          'WorkloadsReady=True',
          '!HTTPRoutesReady=False/RefsInvalid: Managed HTTPRoute references non-existent Gateway kserve/kserve-ingress-gateway',
          'RouterReady=False/RefsInvalid: Managed HTTPRoute references non-existent Gateway kserve/kserve-ingress-gateway',
          'Ready=False/RefsInvalid: Managed HTTPRoute references non-existent Gateway kserve/kserve-ingress-gateway',
        ],
        { kind: 'LLMInferenceService', spec: { router: { route: {} } } },
      ),
      object(
        'Gateway',
        'kserve-ingress-gateway',
        {
          status: {
            conditions: [
              condition(
                'Accepted=True/Accepted: The Gateway has been scheduled by Envoy Gateway',
              ),
              condition(
                'Programmed=True/Programmed: Address assigned to the Gateway, 1/1 envoy replicas available',
              ),
            ],
          },
        },
        { namespace: 'kserve' },
      ),
    ],
    state: ['unknown', 'degraded'],
    words: ['contradict', 'out of date', 'exists'],
    proof: ['non-existent Gateway', 'Address assigned to the Gateway'],
  },
  {
    name: "observedGeneration is the Deployment's, not its own",
    source: `${ISSUE}6081`,
    objects: [
      service(READY, {
        metadata: { generation: 7 },
        status: { ...STANDARD, observedGeneration: 1 },
      }),
      deployment(
        [1, 1, 1],
        [
          'Available=True/MinimumReplicasAvailable',
          'Progressing=True/NewReplicaSetAvailable',
        ],
      ),
      READY_POD,
    ],
    state: ['ready'],
    words: ['ready'],
    proof: ['"Ready"'],
  },
  {
    name: 'name and namespace make a host name that is too long',
    source: `${ISSUE}4807`,
    objects: [
      service([], {
        metadata: {
          annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' },
        },
      }),
    ],
    logs: {
      'kserve-controller-manager-0_manager':
        '{"level":"error","ts":"2025-11-07T08:22:07Z","logger":"v1beta1Controllers.InferenceService","msg":"Failed to reconcile","reconciler":"<*components.Predictor Value>","Name":"churn","error":"fails to create NewRawKubeReconciler for predictor: failed creating host name: invalid domain name \\"churn-predictor-this-is-a-long-project-name-with-more-than-40-characters.example.com\\": url: Invalid value: \\"churn-predictor-this-is-a-long-project-name-with-more-than-40-characters\\": must be no more than 63 characters","errorVerbose":"x"}',
    },
    state: ['degraded'],
    words: ['63 characters', 'domain name'],
    proof: ['must be no more than 63 characters'],
  },
  {
    name: 'the webhook finds no container of its name in a worker',
    source: 'https://github.com/opendatahub-io/kserve/pull/1057',
    objects: [
      service(UNAVAILABLE, { status: STANDARD }),
      event(
        'StatefulSet/churn-predictor-worker FailedCreate: create Pod churn-predictor-worker-0 in StatefulSet churn-predictor-worker failed error: admission webhook "inferenceservice.kserve-webhook-server.pod-mutator" denied the request: no container found with name kserve-container',
      ),
    ],
    state: ['degraded'],
    words: ['no container found', 'denied the request'],
    proof: ['no container found with name kserve-container'],
  },
  {
    name: 'all traffic goes to a revision of which most pods have no node',
    source: `${ISSUE}5683`,
    objects: [
      service(
        [
          'PredictorReady=Unknown',
          '!PredictorConfigurationReady=Unknown',
          'Ready=Unknown',
        ],
        { status: revisions(2, 2, { 2: 100 }) },
      ),
      pod([container('kserve-container', 'ready')], {
        name: 'churn-predictor-00002-deployment-5f-aaaaa',
        labels: { 'serving.knative.dev/revision': 'churn-predictor-00002' },
      }),
      pod([], {
        name: 'churn-predictor-00002-deployment-5f-bbbbb',
        labels: { 'serving.knative.dev/revision': 'churn-predictor-00002' },
        scheduled: false,
        status: {
          conditions: [
            condition(
              'PodScheduled=False/Unschedulable: 0/9 nodes are available: 9 Insufficient cpu. preemption: 0/9 nodes are available: 9 No preemption victims found for incoming pod.',
            ),
          ],
        },
      }),
    ],
    state: ['degraded', 'progressing'],
    words: ['cpu', 'some replicas'],
    proof: ['9 Insufficient cpu'],
    traffic: [{ revision: 'churn-predictor-00002', percent: 100 }],
  },
  {
    name: 'ModelMesh waits for the pod of its runtime',
    source: 'https://github.com/kserve/modelmesh-serving/issues/251',
    objects: [
      service(['PredictorReady=False', 'Ready=False'], {
        metadata: {
          annotations: { 'serving.kserve.io/deploymentMode': 'ModelMesh' },
        },
        status: {
          modelStatus: {
            copies: { failedCopies: 0, totalCopies: 0 },
            lastFailureInfo: {
              message: 'Waiting for supporting runtime Pod to become available',
              modelRevisionName: 'churn__isvc-c5b32eeb53',
              reason: 'RuntimeUnhealthy',
            },
            states: { activeModelState: 'Pending', targetModelState: '' },
            transitionStatus: 'UpToDate',
          },
        },
      }),
    ],
    state: ['progressing', 'degraded', 'unknown'],
    words: ['runtime pod'],
    proof: ['Waiting for supporting runtime Pod'],
  },
  {
    name: 'ModelMesh has no runtime for the model type',
    source: 'https://github.com/kserve/modelmesh/issues/73',
    objects: [
      service(['PredictorReady=False', 'Ready=False'], {
        metadata: {
          annotations: { 'serving.kserve.io/deploymentMode': 'ModelMesh' },
        },
        status: {
          modelStatus: {
            copies: { failedCopies: 0 },
            lastFailureInfo: {
              message:
                'No ServingRuntime supports specified model type and/or protocol',
              reason: 'NoSupportingRuntime',
            },
            states: { activeModelState: 'FailedToLoad', targetModelState: '' },
            transitionStatus: 'InvalidSpec',
          },
        },
      }),
    ],
    state: ['degraded'],
    words: ['no serving runtime', 'no servingruntime'],
    proof: ['No ServingRuntime supports specified model type'],
  },
  {
    name: 'the readiness probe fails while a big model loads',
    source: 'https://github.com/SeldonIO/seldon-core/issues/4348',
    objects: [
      service(UNAVAILABLE, {
        status: {
          ...STANDARD,
          modelStatus: {
            states: { targetModelState: 'Loading' },
            transitionStatus: 'InProgress',
          },
        },
      }),
      deployment(
        [1, 1, 0],
        [
          'Available=False/MinimumReplicasUnavailable',
          'Progressing=True/ReplicaSetUpdated',
        ],
      ),
      pod([container('kserve-container', 'running')]),
      event(
        `Pod/${POD} Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503`,
        { count: 9 },
      ),
    ],
    state: ['progressing'],
    words: ['loaded', 'starting'],
    proof: ['Readiness probe failed', 'startedAt'],
  },
  {
    name: 'the startup takes longer than the liveness probe allows',
    source: 'https://github.com/triton-inference-server/server/issues/6469',
    objects: [
      service(UNAVAILABLE, { status: STANDARD }),
      pod([
        container('kserve-container', 'running', {
          restarts: 7,
          last: 'ended:137/Error',
        }),
      ]),
      event(
        `Pod/${POD} Unhealthy: Liveness probe failed: Get "http://10.0.0.7:8080/v2/health/live": context deadline exceeded`,
        { count: 21 },
      ),
      event(
        `+Pod/${POD} Killing: Container kserve-container failed liveness probe, will be restarted`,
        { count: 7 },
      ),
    ],
    state: ['degraded'],
    words: ['liveness'],
    proof: ['failed liveness probe', 'Liveness probe failed'],
  },
  {
    name: 'Istio refuses the VirtualService of a long name',
    source: `${ISSUE}1377`,
    objects: [
      service(
        [
          'PredictorReady=True',
          'IngressReady=False/IngressReconcileFailed: fails to create virtual service: admission webhook "validation.istio.io" denied the request: configuration is invalid: domain name "latest-churn-predictor-default-x" invalid',
          'Ready=False/IngressReconcileFailed: fails to create virtual service: admission webhook "validation.istio.io" denied the request: configuration is invalid: domain name "latest-churn-predictor-default-x" invalid',
        ],
        { status: revisions(2, 2, { 2: 100 }) },
      ),
    ],
    state: ['degraded'],
    words: ['webhook', 'domain name'],
    proof: ['configuration is invalid'],
    traffic: [{ revision: 'churn-predictor-00002', percent: 100 }],
  },
  {
    name: 'storageUris leave the model folder empty',
    source: `${ISSUE}5200`,
    objects: [service(UNAVAILABLE, { status: STANDARD }), crashing('')],
    logs: log(
      'INFO:root:Starting uvicorn\n2026-03-09 09:32:11.101 1 kserve ERROR [__main__.py:<module>():33] fail to locate model file for model churn under dir /mnt/models, trying loading from model registry.\nTraceback (most recent call last):\n  File "/sklearnserver/sklearnserver/model.py", line 40, in load\n    raise ModelMissingError(model_path)\nkserve.errors.ModelMissingError: /mnt/models',
    ),
    state: ['degraded'],
    words: ['model file', 'locate model', 'modelmissing'],
    proof: ['fail to locate model file', 'ModelMissingError'],
  },
  {
    name: "KServe's own controller is not installed for this kind",
    source: `${ISSUE}5527`,
    objects: [
      service([], {
        kind: 'LLMInferenceService',
        spec: { model: { uri: 'hf://hf-internal-testing/tiny-random-gpt2' } },
      }),
    ],
    state: ['unknown'],
    words: ['no status', 'not reconciled'],
    proof: [],
  },
  // The third: Argo CD's own examples of its health check.
  {
    name: 'LLM: True of the generation before',
    source: `${ARGO}LLMInferenceService/testdata/stale.yaml`,
    objects: [
      service(
        [
          'PresetsCombined=True',
          'Ready=True',
          'RouterReady=True',
          'WorkloadsReady=True',
        ],
        {
          kind: 'LLMInferenceService',
          metadata: { generation: 2 },
          status: { observedGeneration: 1 },
        },
      ),
    ],
    state: ['unknown'],
    words: ['generation'],
    proof: ['observedGeneration'],
  },
  {
    name: 'LLM: conditions of the generation before',
    source: `${ARGO}LLMInferenceService/testdata/stale_condition.yaml`,
    objects: [
      service([], {
        kind: 'LLMInferenceService',
        metadata: { generation: 2 },
        status: {
          conditions: [
            'PresetsCombined=True',
            'Ready=True',
            'RouterReady=True',
            'WorkloadsReady=True',
          ].map(text => ({ ...condition(text), observedGeneration: 1 })),
        },
      }),
    ],
    state: ['unknown'],
    words: ['generation'],
    proof: ['observedGeneration'],
  },
  {
    name: 'LLM: the rollout is waited for',
    source: `${ARGO}LLMInferenceService/testdata/progressing.yaml`,
    objects: [
      service(
        [
          '!MainWorkloadReady=Unknown/WorkloadNotReady: Waiting for deployment "churn-kserve" rollout to finish',
          'PresetsCombined=True',
          'Ready=Unknown/WorkloadsReadyNotReady: Waiting for workloads to become ready',
          'RouterReady=True',
          'WorkloadsReady=Unknown/WorkloadNotReady: Waiting for deployment "churn-kserve" rollout to finish',
        ],
        { kind: 'LLMInferenceService' },
      ),
    ],
    state: ['progressing'],
    words: ['rollout to finish'],
    proof: ['rollout to finish', 'WorkloadNotReady'],
  },
  {
    name: 'ModelMesh: in progress',
    source: `${ARGO}InferenceService/testdata/progressing_modelmesh.yaml`,
    objects: [
      service(['PredictorReady=False', 'Ready=False'], {
        status: { modelStatus: { transitionStatus: 'InProgress' } },
      }),
    ],
    state: ['progressing'],
    words: ['not ready'],
    proof: [],
  },
  {
    name: 'ModelMesh: True, and the newest model failed to load',
    source: `${ARGO}InferenceService/testdata/degraded_modelmesh.yaml`,
    objects: [
      service(['PredictorReady=True', 'Ready=True'], {
        status: { modelStatus: { transitionStatus: 'BlockedByFailedLoad' } },
      }),
    ],
    state: ['degraded'],
    words: ['failed to load'],
    proof: ['BlockedByFailedLoad'],
  },
  {
    name: 'a Revision is waited for',
    source: `${ARGO}InferenceService/testdata/progressing_ocp.yaml`,
    objects: [
      service(
        [
          '!LatestDeploymentReady=Unknown/PredictorConfigurationReady not ready',
          '!PredictorConfigurationReady=Unknown',
          'PredictorReady=Unknown/RevisionMissing: Configuration "churn-predictor" is waiting for a Revision to become ready.',
          'Ready=Unknown/RevisionMissing: Configuration "churn-predictor" is waiting for a Revision to become ready.',
        ],
        { status: { modelStatus: { transitionStatus: 'InProgress' } } },
      ),
    ],
    state: ['progressing'],
    words: ['waiting for a revision'],
    proof: ['waiting for a Revision', 'RevisionMissing'],
  },
];
