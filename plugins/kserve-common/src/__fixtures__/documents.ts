// SPDX-License-Identifier: Apache-2.0
import {
  condition,
  container,
  crashing,
  deployment,
  event,
  fetching,
  MISSING,
  object,
  pod,
  POD,
  READY,
  revisions,
  route,
  service,
  STANDARD,
  UNAVAILABLE,
  type Situation,
} from './build';

const log = (text: string, name = 'kserve-container') => ({
  [`${POD}_${name}`]: text,
});
const first = { status: revisions(1, 1, { 1: 100 }) };
const all = [{ revision: 'churn-predictor-00001', percent: 100 }];
const starting = service(['PredictorReady=Unknown', 'Ready=Unknown'], {
  status: revisions(1, 0),
});
const missing = service(MISSING, { status: revisions(1, 0) });
const unavailable = service(UNAVAILABLE, { status: STANDARD });
const standard = service(READY, {
  status: { ...STANDARD, url: 'http://churn-team-a.example.com' },
});
const READY_POD = pod([container('kserve-container', 'ready')]);
const COMPLETE = [
  'Available=True/MinimumReplicasAvailable',
  'Progressing=True/NewReplicaSetAvailable',
];
const unschedulable = (message: string) =>
  pod([], {
    scheduled: false,
    status: {
      conditions: [condition(`PodScheduled=False/Unschedulable: ${message}`)],
    },
  });
const waiting = (text: string) =>
  pod([container('kserve-container', `waiting:/${text}`)]);
const canary = (trafficPercent: number) => [
  { trafficPercent, predictor: { name: 'v2', model: {} } },
];

const failure = (reason: string, message: string, rest = {}) =>
  service(['PredictorReady=False', 'Ready=False'], {
    status: {
      modelStatus: {
        transitionStatus:
          reason === 'ModelLoadFailed' || reason === 'RuntimeUnhealthy'
            ? 'BlockedByFailedLoad'
            : 'InvalidSpec',
        states: { activeModelState: '', targetModelState: 'FailedToLoad' },
        lastFailureInfo: { message, reason, ...rest },
      },
    },
  });

type Row = [
  name: string,
  state: Situation['state'],
  words: readonly string[],
  proof: readonly string[],
  objects: Situation['objects'],
  rest?: Partial<Situation>,
];

/** Crashes by what the log of the container says, the words that must be said and the ones quoted. */
const CRASHES: ReadonlyArray<[text: string, words: string, proof?: string]> = [
  [
    'Traceback (most recent call last):\n  File "/app/x.py", line 1\nValueError: bad shape (3, 4)\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\nRuntimeError: could not start',
    'bad shape',
    'ValueError: bad shape (3, 4)',
  ],
  [
    "ModuleNotFoundError: No module named 'lightgbm'",
    'module',
    "No module named 'lightgbm'",
  ],
  [
    "AttributeError: Can't get attribute '__pyx_unpickle_CyHalfBinomialLoss' on <module 'sklearn._loss._loss'>",
    'version',
    "Can't get attribute",
  ],
  [
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 224.00 MiB. GPU 0 has a total capacity of 14.58 GiB',
    'gpu',
    'CUDA out of memory',
  ],
  [
    '(EngineCore_0 pid=272) ERROR 09-01 10:00:00 [core.py:700] ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.\nRuntimeError: Engine core initialization failed. See root cause above.',
    'kv cache',
    'No available memory for the cache blocks',
  ],
  [
    'RuntimeError: Failed to infer device type',
    'gpu',
    'Failed to infer device type',
  ],
  [
    "ValueError: Model architectures ['Qwen9ForCausalLM'] are not supported for now.",
    'architecture',
    'are not supported for now',
  ],
  [
    'OSError: You are trying to access a gated repo.\nMake sure to have access to it at https://huggingface.co/meta-llama/Llama-3.1-8B',
    'hugging face',
    'gated repo',
  ],
  [
    "FileNotFoundError: [Errno 2] No such file or directory: '/mnt/models/model.joblib'",
    'not',
    "No such file or directory: '/mnt/models/model.joblib'",
  ],
  [
    "E0901 10:00:00.000000 1 model_repository_manager.cc:1309] failed to load 'churn' version 1: Invalid argument: model input must have 2 dimensions\nerror: creating server: Internal - failed to load all models",
    'load',
    "failed to load 'churn' version 1",
  ],
  [
    'panic: runtime error: index out of range [3] with length 3\n\ngoroutine 1 [running]:',
    'index out of range',
    'panic: runtime error',
  ],
  [
    'Exception in thread "main" java.lang.IllegalStateException: no\nCaused by: java.net.UnknownHostException: models.internal',
    'unknownhost',
    'Caused by: java.net.UnknownHostException',
  ],
  [
    'usage: sklearnserver [-h]\nsklearnserver: error: unrecognized arguments: --foo',
    'arguments',
    'unrecognized arguments: --foo',
  ],
  [
    "PermissionError: [Errno 13] Permission denied: '/.cache'",
    'permission',
    'Permission denied',
  ],
  [
    "OSError: [Errno 98] error while attempting to bind on address ('0.0.0.0', 8080): address already in use",
    'port',
    'address already in use',
  ],
  [
    '\u001b[31mERROR\u001b[0m something very particular happened',
    'something very particular',
    'something very particular happened',
  ],
  [
    "2024-01-01T00:00:00,001 [INFO ] W-9000-m_1.0-stdout MODEL_LOG - ModuleNotFoundError: No module named 'transformers'\n2024-01-01T00:00:00,002 [DEBUG] W-9000-m_1.0 org.pytorch.serve.wlm.WorkerThread - Backend worker process died.\njava.lang.InterruptedException\n2024-01-01T00:00:00,003 [WARN ] W-9000-m_1.0 BatchAggregator - Load model failed: m, error: Worker died.",
    'transformers',
    "No module named 'transformers'",
  ],
  [
    '{"timestamp":"2024-01-01T00:00:00Z","level":"ERROR","fields":{"message":"Shard complete standard error output:\\n\\nRuntimeError: weight model.layers.0 does not exist"}}\nError: ShardCannotStart',
    'model.layers.0',
    'RuntimeError: weight model.layers.0 does not exist',
  ],
  [
    '[2025-01-01 10:00:01 +0000] [7] [ERROR] Exception in worker process\nTraceback (most recent call last):\n  File "/app/wsgi.py", line 1, in <module>\n    from app import app  # no module named x\nKeyError: \'MODEL_PATH\'\n[2025-01-01 10:00:01 +0000] [1] [INFO] Reason: Worker failed to boot.',
    'model_path',
    "KeyError: 'MODEL_PATH'",
  ],
];

const FETCHES: ReadonlyArray<[text: string, words: string, proof?: string]> = [
  [
    'botocore.exceptions.ClientError: An error occurred (403) when calling the HeadObject operation: Forbidden',
    '403',
    'An error occurred (403)',
  ],
  [
    'botocore.errorfactory.NoSuchBucket: An error occurred (NoSuchBucket) when calling the ListObjects operation: The specified bucket does not exist',
    'bucket',
    'NoSuchBucket',
  ],
  [
    'botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "http://minio:9000/models"',
    'reached',
    'Could not connect to the endpoint URL',
  ],
  [
    'RuntimeError: Failed to fetch model. No model found in s3://models/churn.',
    'not',
    'No model found in',
  ],
  [
    "requests.exceptions.SSLError: HTTPSConnectionPool(host='s3.example.com', port=443): Max retries exceeded (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed')))",
    'certificate',
    'CERTIFICATE_VERIFY_FAILED',
  ],
  [
    'OSError: [Errno 28] No space left on device',
    'disk',
    'No space left on device',
  ],
  [
    'huggingface_hub.errors.RepositoryNotFoundError: 401 Client Error. Repository Not Found for url: https://huggingface.co/api/models/x/y.',
    'hugging face',
    'Repository Not Found',
  ],
];

const SCHEDULING: ReadonlyArray<[message: string, words: string]> = [
  ['0/3 nodes are available: 3 Insufficient cpu.', 'cpu'],
  [
    "0/3 nodes are available: 1 node(s) had untolerated taint {nvidia.com/gpu: present}, 2 node(s) didn't match Pod's node affinity/selector.",
    'taint',
  ],
  [
    "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
    'affinity',
  ],
  [
    '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
    'persistentvolumeclaim',
  ],
  [
    '0/1 nodes are available: persistentvolumeclaim "models" not found.',
    'persistentvolumeclaim',
  ],
  [
    '0/3 nodes are available: 3 node(s) had volume node affinity conflict.',
    'volume',
  ],
];

const IMAGES: ReadonlyArray<[message: string, words: string]> = [
  [
    'Failed to pull image "r.example.com/m:1": pull access denied, repository does not exist or may require authorization',
    'denied',
  ],
  [
    'Failed to pull image "r.example.com/m:1": no matching manifest for linux/arm64/v8 in the manifest list entries',
    'architecture',
  ],
  [
    'Failed to pull image "r.example.com/m:1": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'certificate',
  ],
  [
    'Failed to pull image "r.example.com/m:1": toomanyrequests: You have reached your pull rate limit.',
    'limits',
  ],
  [
    'Failed to pull image "r.example.com/m:1": dial tcp: lookup r.example.com: no such host',
    'dns',
  ],
];

const rows: Row[] = [
  // Ready, in each of its ways.
  [
    'Knative, one revision',
    ['ready'],
    ['ready'],
    [],
    [service(READY, first), READY_POD],
    { traffic: all },
  ],
  [
    'Standard, one Deployment',
    ['ready'],
    ['ready'],
    [],
    [standard, deployment([1, 1, 1], COMPLETE), READY_POD],
  ],
  [
    'a route to one Service',
    ['ready'],
    ['ready'],
    ['churn-predictor'],
    [
      standard,
      deployment([1, 1, 1], COMPLETE),
      route({ 'churn-predictor': 1 }),
    ],
    { traffic: [{ revision: 'churn-predictor', percent: 100 }] },
  ],
  [
    'a warning of versions in the log',
    ['ready', 'degraded'],
    ['version'],
    ['InconsistentVersionWarning'],
    [standard, READY_POD],
    {
      logs: log(
        '/usr/lib/sklearn/base.py:376: InconsistentVersionWarning: Trying to unpickle estimator DecisionTreeClassifier from version 1.6.1 when using version 1.5.2.\nINFO: Application startup complete.',
      ),
    },
  ],
  [
    'errors of requests are not its state',
    ['ready'],
    ['ready'],
    [],
    [standard, READY_POD],
    {
      logs: log(
        'Traceback (most recent call last):\n  File "x.py"\nValueError: X has 3 features, but LogisticRegression is expecting 4\nINFO: 10.0.0.1 - "POST /v1/models/churn:predict HTTP/1.1" 500',
      ),
    },
  ],
  [
    'scheduled after a while',
    ['ready'],
    ['ready'],
    [],
    [
      standard,
      READY_POD,
      event(
        `Pod/${POD} FailedScheduling: 0/3 nodes are available: 3 Insufficient cpu.`,
      ),
      event(`Pod/${POD} Unhealthy: Readiness probe failed: connection refused`),
    ],
  ],
  [
    'scaled to zero',
    ['ready'],
    ['zero'],
    [],
    [
      service(READY, {
        spec: { predictor: { minReplicas: 0 } },
        status: {
          ...revisions(1, 1, { 1: 100 }),
          modelStatus: { copies: { totalCopies: 0 } },
        },
      }),
    ],
    { traffic: all },
  ],
  [
    'rolled back',
    ['ready'],
    ['rolled back'],
    ['churn-predictor-00001'],
    [
      service(READY, {
        spec: { predictor: { canaryTrafficPercent: 0 } },
        status: { ...revisions(2, 1, { 1: 100, 2: 0 }) },
      }),
    ],
    { traffic: all },
  ],
  [
    'a Splitter of a graph',
    ['ready'],
    ['split'],
    [],
    [
      service(['Ready=True'], {
        kind: 'InferenceGraph',
        apiVersion: 'serving.kserve.io/v1alpha1',
        spec: {
          nodes: {
            root: {
              routerType: 'Splitter',
              steps: [
                { serviceName: 'a', weight: 70 },
                { serviceName: 'b', weight: 30 },
              ],
            },
          },
        },
      }),
    ],
    {
      traffic: [
        { revision: 'a', percent: 70 },
        { revision: 'b', percent: 30 },
      ],
    },
  ],
  [
    'v1beta1 of KFServing with trafficPercent',
    ['ready'],
    ['canary'],
    [],
    [
      service(READY, {
        apiVersion: 'serving.kubeflow.org/v1beta1',
        status: {
          components: {
            predictor: {
              latestReadyRevision: 'churn-predictor-default-b',
              previousReadyRevision: 'churn-predictor-default-a',
              trafficPercent: 10,
            },
          },
        },
      }),
    ],
    {
      traffic: [
        { revision: 'b', percent: 10 },
        { revision: 'a', percent: 90 },
      ],
    },
  ],
  [
    'v1alpha2 with default and canary',
    ['ready'],
    ['ready'],
    [],
    [
      service(['DefaultPredictorReady=True', 'Ready=True'], {
        apiVersion: 'serving.kubeflow.org/v1alpha2',
        status: {
          traffic: 80,
          canaryTraffic: 20,
          default: { predictor: { name: 'churn-predictor-default-a' } },
          canary: { predictor: { name: 'churn-predictor-canary-a' } },
        },
      }),
    ],
    {
      traffic: [
        { revision: 'a', percent: 80 },
        { revision: 'b', percent: 20 },
      ],
    },
  ],
  [
    'LLM',
    ['ready'],
    ['ready'],
    [],
    [
      service(
        [
          'PresetsCombined=True',
          'WorkloadsReady=True',
          'RouterReady=True',
          'Ready=True',
        ],
        { kind: 'LLMInferenceService' },
      ),
    ],
  ],
  // Progress.
  ['just created', ['unknown'], ['no status'], [], [service([])]],
  [
    'the image is being pulled',
    ['progressing'],
    ['start'],
    [],
    [starting, waiting('ContainerCreating')],
  ],
  [
    'the model is being fetched',
    ['progressing'],
    ['fetched'],
    [],
    [
      starting,
      pod([
        container('storage-initializer', 'running', { init: true }),
        container('kserve-container', 'waiting:/PodInitializing'),
      ]),
    ],
  ],
  [
    'the model is being loaded',
    ['progressing'],
    ['loaded'],
    [],
    [starting, pod([container('kserve-container', 'running')])],
  ],
  [
    'a Deployment rolls while all is True',
    ['progressing'],
    ['rolling'],
    ['ReplicaSetUpdated'],
    [
      standard,
      deployment(
        [4, 2, 3],
        [
          'Available=True/MinimumReplicasAvailable',
          'Progressing=True/ReplicaSetUpdated',
        ],
        { total: 5 },
      ),
    ],
  ],
  [
    'Deploying',
    ['progressing'],
    ['deployed'],
    [],
    [service(['PredictorReady=Unknown/Deploying', 'Ready=Unknown/Deploying'])],
  ],
  [
    'the newest revision starts, the one before serves',
    ['progressing'],
    ['00001 still serves'],
    [],
    [
      service(['PredictorReady=Unknown', 'Ready=Unknown'], {
        status: revisions(2, 1, { 1: 100 }),
      }),
      pod([container('kserve-container', 'running')], {
        labels: { 'serving.knative.dev/revision': 'churn-predictor-00002' },
      }),
    ],
    { traffic: all },
  ],
  [
    'is being deleted',
    ['progressing'],
    ['deleted'],
    ['deletionTimestamp'],
    [
      service(READY, {
        metadata: {
          deletionTimestamp: '2026-09-01T10:09:50Z',
          finalizers: ['inferenceservice.finalizers'],
        },
      }),
    ],
  ],
  // Stopped.
  [
    'stopped by annotation',
    ['stopped'],
    ['stopped'],
    ['serving.kserve.io/stop'],
    [
      service(
        [
          'PredictorReady=False/Stopped',
          'Ready=False/Stopped',
          '!Stopped=True',
        ],
        { metadata: { annotations: { 'serving.kserve.io/stop': 'true' } } },
      ),
    ],
  ],
  [
    'LLM stopped',
    ['stopped'],
    ['stopped'],
    [],
    [
      service(
        [
          'WorkloadsReady=False/Stopped: Service is stopped',
          'RouterReady=False/Stopped: Service is stopped',
          'Ready=False/Stopped: Service is stopped',
        ],
        {
          kind: 'LLMInferenceService',
          metadata: { annotations: { 'serving.kserve.io/stop': 'true' } },
        },
      ),
    ],
  ],
  [
    'being stopped',
    ['progressing'],
    ['stopped'],
    [],
    [
      service(READY, {
        metadata: { annotations: { 'serving.kserve.io/stop': 'true' } },
      }),
      READY_POD,
    ],
  ],
  // Unknown.
  [
    'the status is of an older spec',
    ['unknown'],
    ['generation'],
    ['observedGeneration'],
    [
      service(READY, {
        metadata: { generation: 3 },
        status: { observedGeneration: 2 },
      }),
    ],
  ],
  [
    'not ready, although all replicas are',
    ['unknown'],
    ['out of date'],
    [],
    [
      service(
        [
          'PredictorReady=False/MinimumReplicasUnavailable: Deployment does not have minimum availability.',
          'Ready=False',
        ],
        { status: STANDARD },
      ),
      deployment([1, 1, 1], COMPLETE),
      READY_POD,
    ],
  ],
  // Degraded: containers.
  [
    'killed for its memory',
    ['degraded'],
    ['out of memory'],
    ['OOMKilled'],
    [missing, crashing('', { exitCode: 137, reason: 'OOMKilled' })],
  ],
  [
    'the initializer is killed for its memory',
    ['degraded'],
    ['storage-initializer'],
    ['OOMKilled'],
    [missing, fetching('', { exitCode: 137, reason: 'OOMKilled' })],
  ],
  [
    'it ends without an error',
    ['degraded'],
    ['exit code 0'],
    ['Completed'],
    [missing, crashing('', { exitCode: 0, reason: 'Completed' })],
  ],
  [
    'it is killed by its liveness probe',
    ['degraded'],
    ['liveness'],
    ['failed liveness probe'],
    [
      unavailable,
      crashing('', { exitCode: 137 }),
      event(
        `+Pod/${POD} Killing: Container kserve-container failed liveness probe, will be restarted`,
      ),
    ],
  ],
  [
    'a secret is missing',
    ['degraded'],
    ['secret'],
    ['secret "s3" not found'],
    [unavailable, waiting('CreateContainerConfigError: secret "s3" not found')],
  ],
  [
    'its command is not in the image',
    ['degraded'],
    ['command'],
    ['executable file not found'],
    [
      unavailable,
      waiting(
        'RunContainerError: failed to create containerd task: exec: "serve": executable file not found in $PATH: unknown',
      ),
    ],
  ],
  [
    'root is forbidden',
    ['degraded'],
    ['root'],
    ['runAsNonRoot'],
    [
      unavailable,
      waiting(
        'CreateContainerConfigError: container has runAsNonRoot and image will run as root',
      ),
    ],
  ],
  [
    'a pod was evicted',
    ['degraded'],
    ['evicted'],
    ['ephemeral-storage'],
    [
      unavailable,
      pod([], {
        status: {
          phase: 'Failed',
          reason: 'Evicted',
          message: 'The node was low on resource: ephemeral-storage.',
          conditions: [],
        },
      }),
    ],
  ],
  [
    'a volume is not mounted',
    ['degraded'],
    ['volume'],
    ['MountVolume.SetUp failed'],
    [
      starting,
      waiting('ContainerCreating'),
      event(
        `Pod/${POD} FailedMount: MountVolume.SetUp failed for volume "models" : mount failed: exit status 32`,
      ),
    ],
  ],
  [
    'one replica of two crashes',
    ['degraded'],
    ['no module named'],
    [],
    [
      standard,
      READY_POD,
      {
        ...crashing("ModuleNotFoundError: No module named 'x'"),
        metadata: { ...crashing('').metadata, name: `${POD}b` },
      },
    ],
  ],
  [
    'ready, with a revision that fails',
    ['degraded'],
    ['no module named', 'module'],
    [],
    [
      service([...READY.slice(0, 1), 'PredictorReady=True', 'Ready=True'], {
        status: revisions(2, 1, { 1: 100 }),
      }),
      pod(
        [
          container('kserve-container', 'waiting:/CrashLoopBackOff: back-off', {
            last: "ended:1/Error: ModuleNotFoundError: No module named 'x'",
            restarts: 4,
          }),
        ],
        { labels: { 'serving.knative.dev/revision': 'churn-predictor-00002' } },
      ),
    ],
    { traffic: all },
  ],
  // Degraded: refusals.
  [
    'the service account is missing',
    ['degraded'],
    ['serviceaccount'],
    ['serviceaccount "sa-s3" not found'],
    [
      unavailable,
      event(
        'ReplicaSet/churn-predictor-7c9d8f6b5 FailedCreate: Error creating: pods "churn-predictor-7c9d8f6b5-" is forbidden: error looking up service account team-a/sa-s3: serviceaccount "sa-s3" not found',
      ),
    ],
  ],
  [
    'Pod Security forbids it',
    ['degraded'],
    ['pod security'],
    ['violates PodSecurity'],
    [
      unavailable,
      event(
        'ReplicaSet/churn-predictor-7c9d8f6b5 FailedCreate: Error creating: pods "churn-predictor-7c9d8f6b5-x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
      ),
    ],
  ],
  [
    'a quota is used up',
    ['degraded'],
    ['quota'],
    ['exceeded quota'],
    [
      unavailable,
      deployment(
        [1, 0, 0],
        [
          'ReplicaFailure=True/FailedCreate: pods "churn-predictor-7c9d8f6b5-x" is forbidden: exceeded quota: compute, requested: limits.memory=8Gi, used: limits.memory=60Gi, limited: limits.memory=64Gi',
          'Progressing=False/ProgressDeadlineExceeded',
        ],
      ),
    ],
  ],
  [
    'Knative is not installed',
    ['degraded'],
    ['knative'],
    ['Knative Services are not available'],
    [
      service([]),
      event(
        'InferenceService/churn ServerlessModeRejected: It is not possible to use Serverless deployment mode when Knative Services are not available',
      ),
    ],
  ],
  [
    'the Deployment did not progress',
    ['degraded'],
    ['in time'],
    ['ProgressDeadlineExceeded'],
    [
      service(
        [
          'PredictorReady=False/ProgressDeadlineExceeded: ReplicaSet "churn-predictor-7c9d8f6b5" has timed out progressing.',
          'Ready=False/ProgressDeadlineExceeded: ReplicaSet "churn-predictor-7c9d8f6b5" has timed out progressing.',
        ],
        { status: STANDARD },
      ),
    ],
  ],
  [
    'Knative: initial scale',
    ['degraded'],
    ['time', 'initial scale'],
    ['Initial scale was never achieved'],
    [
      service([
        '!PredictorConfigurationReady=False/RevisionFailed: Revision "churn-predictor-00001" failed with message: Initial scale was never achieved.',
        ...MISSING.slice(1),
      ]),
    ],
  ],
  // Degraded: what the status says of the model.
  [
    'NoSupportingRuntime',
    ['degraded'],
    ['runtime'],
    ['No runtime found'],
    [
      failure(
        'NoSupportingRuntime',
        'No runtime found to support specified framework/version',
      ),
    ],
  ],
  [
    'RuntimeNotRecognized',
    ['degraded'],
    ['runtime'],
    ['Waiting for runtime'],
    [failure('RuntimeNotRecognized', 'Waiting for runtime tgis')],
  ],
  [
    'RuntimeDisabled',
    ['degraded'],
    ['disabled'],
    [],
    [failure('RuntimeDisabled', 'Specified runtime is disabled')],
  ],
  [
    'InvalidPredictorSpec',
    ['degraded'],
    ['not valid'],
    [],
    [
      failure(
        'InvalidPredictorSpec',
        'Predictor spec must contain exactly one of the known types',
      ),
    ],
  ],
  [
    'RuntimeUnhealthy',
    ['degraded'],
    ['not healthy'],
    [],
    [failure('RuntimeUnhealthy', 'Runtime pod mlserver-1 is not healthy')],
  ],
  [
    'ModelLoadFailed',
    ['degraded'],
    ['unpickl', 'damaged'],
    ['invalid load key'],
    [
      failure(
        'ModelLoadFailed',
        "_pickle.UnpicklingError: invalid load key, 'v'.",
        { exitCode: 1 },
      ),
    ],
  ],
  // Degraded: routes.
  [
    'the gateway does not admit the namespace',
    ['degraded'],
    ['namespace'],
    ['NotAllowedByListeners', 'not allowed'],
    [
      standard,
      deployment([1, 1, 1], COMPLETE),
      route({ 'churn-predictor': 1 }, [
        [
          'Accepted=False/NotAllowedByListeners: Namespace is not allowed by the parent',
        ],
      ]),
    ],
  ],
  [
    'the Service behind the route is missing',
    ['degraded'],
    ['service'],
    ['not found'],
    [
      service(
        [
          'PredictorReady=True',
          'IngressReady=False/BackendNotFound: Service churn-predictor not found',
          'Ready=False/BackendNotFound: Service churn-predictor not found',
        ],
        { status: STANDARD },
      ),
      route({ 'churn-predictor': 1 }, [
        [
          'Accepted=True/Accepted',
          'ResolvedRefs=False/BackendNotFound: Service churn-predictor not found',
        ],
      ]),
    ],
  ],
  [
    'the Gateway does not exist',
    ['degraded'],
    ['does not exist'],
    ['kserve-ingress-gateway'],
    [
      service(['PredictorReady=True', 'IngressReady=False', 'Ready=False'], {
        status: STANDARD,
      }),
      route({ 'churn-predictor': 1 }, []),
      object('Gateway', 'other', {}, { namespace: 'kserve' }),
    ],
  ],
  [
    'a canary that the route does not know',
    ['degraded'],
    ['asks 20 %'],
    [],
    [
      service(READY, {
        spec: { canary: canary(20) },
        status: {
          ...STANDARD,
          canaryStatuses: [{ name: 'v2', ready: true, trafficPercent: 20 }],
        },
      }),
      route({ 'churn-predictor': 1 }),
    ],
    { traffic: [{ revision: 'churn-predictor', percent: 100 }] },
  ],
  [
    'LLM: the HTTPRoute does not exist',
    ['degraded'],
    ['httproute'],
    ['does not exist', 'not found'],
    [
      service(
        [
          'PresetsCombined=True',
          'WorkloadsReady=True',
          '!HTTPRoutesReady=False/RefsInvalid: HTTPRoute team-a/my-route does not exist',
          'RouterReady=False/RefsInvalid: HTTPRoute team-a/my-route does not exist',
          'Ready=False/RefsInvalid: HTTPRoute team-a/my-route does not exist',
        ],
        { kind: 'LLMInferenceService' },
      ),
    ],
  ],
  [
    'LLM: the workload does not progress',
    ['degraded'],
    ['time'],
    ['timed out progressing'],
    [
      service(
        [
          'WorkloadsReady=False/ProgressDeadlineExceeded: ReplicaSet "churn-kserve-1" has timed out progressing.',
          'Ready=False/ProgressDeadlineExceeded: ReplicaSet "churn-kserve-1" has timed out progressing.',
        ],
        { kind: 'LLMInferenceService' },
      ),
    ],
  ],
  // Degraded: autoscaling.
  [
    'the HPA has no metrics',
    ['degraded', 'ready'],
    ['scale'],
    ['unable to get metrics'],
    [
      standard,
      READY_POD,
      object('HorizontalPodAutoscaler', 'churn-predictor', {
        status: {
          conditions: [
            condition('AbleToScale=True/SucceededGetScale'),
            condition(
              'ScalingActive=False/FailedGetResourceMetric: the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
            ),
          ],
        },
      }),
    ],
  ],
  // Degraded: graphs.
  [
    'a graph names a service that is not there',
    ['degraded'],
    ['does not exist'],
    [],
    [
      service(['Ready=True'], {
        kind: 'InferenceGraph',
        apiVersion: 'serving.kserve.io/v1alpha1',
        spec: {
          nodes: {
            root: { routerType: 'Sequence', steps: [{ serviceName: 'gone' }] },
          },
        },
      }),
      { ...service(READY), metadata: { name: 'other', namespace: 'team-a' } },
    ],
  ],
  [
    'deleted, and its finalizer is never done',
    ['degraded'],
    ['finalizer'],
    ['deletionTimestamp'],
    [
      service(READY, {
        metadata: {
          deletionTimestamp: '2026-09-01T08:00:00Z',
          finalizers: ['inferenceservice.finalizers'],
        },
      }),
    ],
  ],
  // What a second look at each kind found.
  [
    'Triton names the model in a table',
    ['degraded'],
    ['allowed outputs'],
    ['UNAVAILABLE: Invalid argument'],
    [missing, crashing('')],
    {
      logs: log(
        "| Model | Version | Status |\n| churn | 1 | UNAVAILABLE: Invalid argument: unexpected inference output 'a', allowed outputs are: b |\nerror: creating server: Internal - failed to load all models",
      ),
    },
  ],
  [
    'the claim has no storage class',
    ['degraded'],
    ['storageclass'],
    ['storageclass.storage.k8s.io "fast" not found'],
    [
      starting,
      pod([], {
        scheduled: false,
        spec: { volumes: [{ persistentVolumeClaim: { claimName: 'models' } }] },
        status: {
          conditions: [
            condition(
              'PodScheduled=False/Unschedulable: 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
            ),
          ],
        },
      }),
      object('PersistentVolumeClaim', 'models', {
        status: { phase: 'Pending' },
      }),
      event(
        'PersistentVolumeClaim/models ProvisioningFailed: storageclass.storage.k8s.io "fast" not found',
      ),
    ],
  ],
  [
    'the node does not answer',
    ['degraded'],
    ['node-1 is not ready'],
    ['Kubelet stopped posting node status'],
    [
      standard,
      pod([container('kserve-container', 'running')]),
      object('Node', 'node-1', {
        status: {
          conditions: [
            condition(
              'Ready=Unknown/NodeStatusUnknown: Kubelet stopped posting node status.',
            ),
          ],
        },
      }),
    ],
  ],
  [
    'the Gateway has no address',
    ['degraded'],
    ['addresses'],
    ['No addresses have been assigned'],
    [
      service(
        [
          'WorkloadsReady=True',
          'RouterReady=False/GatewaysNotReady: The following Gateways are not ready: [kserve/gw]',
          'Ready=False/GatewaysNotReady: The following Gateways are not ready: [kserve/gw]',
        ],
        { kind: 'LLMInferenceService' },
      ),
      object(
        'Gateway',
        'gw',
        {
          status: {
            conditions: [
              condition(
                'Programmed=False/AddressNotAssigned: No addresses have been assigned to the Gateway',
              ),
            ],
          },
        },
        { namespace: 'kserve' },
      ),
    ],
  ],
  [
    'the gateway knows no InferencePool',
    ['degraded'],
    ['kind of backend'],
    ['Unsupported backend kind'],
    [
      service(
        [
          'RouterReady=False/HTTPRoutesNotReady: HTTPRoute not ready',
          'Ready=False/HTTPRoutesNotReady: HTTPRoute not ready',
        ],
        { kind: 'LLMInferenceService' },
      ),
      route({ 'churn-inference-pool': 1 }, [
        [
          'Accepted=True/Accepted',
          'ResolvedRefs=False/InvalidKind: Unsupported backend kind InferencePool',
        ],
      ]),
    ],
  ],
  [
    'the kubelet refuses what the scheduler sent',
    ['degraded'],
    ['nvidia.com/gpu'],
    ['Pod was rejected'],
    [
      unavailable,
      pod([], {
        status: {
          phase: 'Failed',
          reason: 'OutOfnvidia.com/gpu',
          message:
            "Pod was rejected: Node didn't have enough resource: nvidia.com/gpu, requested: 1, used: 1, capacity: 1",
          conditions: [],
        },
      }),
    ],
  ],
  [
    'only the queue-proxy is not ready',
    ['progressing'],
    ['queue-proxy'],
    [],
    [
      starting,
      pod([
        container('kserve-container', 'ready'),
        container('queue-proxy', 'running'),
      ]),
    ],
  ],
  [
    'killed again and again, ready at the moment',
    ['degraded'],
    ['OOMKilled'],
    ['OOMKilled'],
    [
      standard,
      pod([
        container('kserve-container', 'ready', {
          restarts: 9,
          last: 'ended:137/OOMKilled',
        }),
      ]),
    ],
  ],
  [
    'what is left of an evicted pod',
    ['ready'],
    ['ready'],
    [],
    [
      standard,
      READY_POD,
      pod([], {
        name: `${POD}e`,
        status: {
          phase: 'Failed',
          reason: 'Evicted',
          message: 'The node was low on resource: memory.',
        },
      }),
    ],
  ],
  [
    'scaled to zero by KEDA',
    ['ready'],
    ['zero'],
    [],
    [
      standard,
      deployment([0, 0, 0], COMPLETE),
      object('ScaledObject', 'churn-predictor', {
        status: {
          conditions: [
            condition('Ready=True/ScaledObjectReady'),
            condition(
              'Active=False/ScalerNotActive: Scaling is not performed because triggers are not active',
            ),
          ],
        },
      }),
    ],
  ],
  [
    'a refusal that was overcome',
    ['progressing'],
    ['loaded'],
    [],
    [
      starting,
      {
        ...pod([container('kserve-container', 'running')], {
          metadata: { creationTimestamp: '2026-09-01T10:06:00Z' },
        }),
      },
      event(
        'InferenceService/churn InternalError: fails to create Knative service: secrets "storage-config" not found',
      ),
    ],
  ],
  [
    'another model runs than the spec names',
    ['unknown'],
    ['out of date'],
    ['s3://models/before'],
    [
      service(READY, { status: STANDARD }),
      object('Deployment', 'churn-predictor', {
        spec: {
          replicas: 1,
          template: {
            metadata: {
              annotations: {
                'internal.serving.kserve.io/storage-initializer-sourceuri':
                  's3://models/before',
              },
            },
          },
        },
        status: {
          replicas: 1,
          updatedReplicas: 1,
          readyReplicas: 1,
          availableReplicas: 1,
          conditions: [condition('Progressing=True/NewReplicaSetAvailable')],
        },
      }),
    ],
  ],
  [
    'one more replica starts',
    ['ready'],
    ['ready'],
    [],
    [
      standard,
      deployment([2, 2, 1], COMPLETE),
      READY_POD,
      pod([container('kserve-container', 'running')], { name: `${POD}b` }),
    ],
  ],
  ...SCHEDULING.map(([message, words]): Row => [
    `no node: ${words}`,
    ['degraded'],
    [words],
    [message.slice(0, 40)],
    [starting, unschedulable(message)],
  ]),
  ...IMAGES.map(([message, words]): Row => [
    `image: ${words}`,
    ['degraded'],
    [words],
    [message.slice(40)],
    [
      starting,
      waiting('ImagePullBackOff: Back-off pulling image "r.example.com/m:1"'),
      event(`Pod/${POD} Failed: ${message}`),
    ],
  ]),
  ...CRASHES.map(([text, words, quoted]): Row => [
    `log: ${words}`,
    ['degraded'],
    [words],
    [quoted ?? words],
    [missing, crashing('')],
    { logs: log(text) },
  ]),
  ...FETCHES.map(([text, words, quoted]): Row => [
    `fetch: ${words}`,
    ['degraded'],
    [words],
    [quoted ?? words],
    [missing, fetching('')],
    { logs: log(text, 'storage-initializer') },
  ]),
];

/** KServe's documented forms and every reason of its status, of all versions, written by hand. */
export const documents: readonly Situation[] = rows.map(
  ([name, state, words, proof, objects, rest]) => ({
    name,
    state,
    words,
    proof,
    objects,
    ...rest,
  }),
);
