/** A fault that somebody could push, the target that has to catch it, and what that says. */
export interface Fault {
  kind: string;
  file: string;
  what: string;
  edit: (text: string) => string;
  target: string;
  /** The message; it names the file. */
  says: RegExp;
  /** Whether it hides what else is wrong. */
  alone: boolean;
}

const replace =
  (from: string | RegExp, to: string) =>
  (text: string): string =>
    text.replace(from, to);

const service = 'models/churn-risk/base/inferenceservice.yaml';
const release = 'models/churn-risk/overlays/dev/release.yaml';
const overlay = 'models/churn-risk/overlays/dev/kustomization.yaml';
const monitor = 'models/churn-risk/base/servicemonitor.yaml';
const model = 'models/churn-risk/model.yaml';
const network = 'models/churn-risk/base/networkpolicy.yaml';
const closed = 'platform/namespaces/base/network-policies.yaml';
const route = 'models/card-fraud/overlays/prod/httproute.yaml';
const rules = 'platform/monitoring/model-serving.rules.yaml';
const board = 'platform/monitoring/model-serving.dashboard.json';
const values = 'platform/monitoring/kube-prometheus-stack.values.yaml';
const digest = 'platform/policies/image-digest.yaml';
const signature = 'platform/policies/image-signature.yaml';
const digestTest = 'tests/kyverno/image-digest/kyverno-test.yaml';
const latencyTest = 'tests/promtool/latency.test.yaml';
const set = 'argocd/applicationset.yaml';
const project = 'argocd/projects/fraud-team.yaml';
const workflow = '.github/workflows/validate.yml';

type Row = [
  file: string,
  what: string,
  edit: Fault['edit'],
  target: string,
  says: RegExp,
  alone?: 'alone',
];

const table: Record<string, Row[]> = {
  InferenceService: [
    [
      service,
      'a field that KServe does not know',
      replace('minReplicas: 1', 'minReplica: 1'),
      'schemas-check',
      /base\/inferenceservice\.yaml:\d+: InferenceService churn-risk .*minReplica/,
    ],
    [
      service,
      'memory that is a list',
      replace('memory: 512Mi', 'memory: [512Mi]'),
      'schemas-check',
      /base\/inferenceservice\.yaml:\d+: .*requests\/memory.*got array/,
    ],
    [
      service,
      'no limit of memory',
      replace(
        /limits:\n\s+cpu: "1"\n\s+memory: 2Gi/,
        'limits:\n            cpu: "1"',
      ),
      'score',
      /base\/inferenceservice\.yaml:\d+: InferenceService churn-risk kserve-container .*memory/i,
    ],
    [
      service,
      'a container that may write anywhere',
      replace('readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false'),
      'score',
      /base\/inferenceservice\.yaml:\d+: .*filesystem/i,
    ],
    [
      service,
      'a canary that KServe does not route to',
      replace(
        'spec:\n',
        'spec:\n  canary: [{predictor: {name: next}, trafficPercent: 10}]\n',
      ),
      'structure',
      /base\/inferenceservice\.yaml:\d+: .*spec\.canary but routes nothing/,
    ],
    [
      release,
      'an image by tag',
      replace(/@sha256:\w+/, ':latest'),
      'structure',
      /dev\/release\.yaml|base\/inferenceservice\.yaml:\d+: .*:latest is not named by digest/,
    ],
    [
      release,
      'an image from elsewhere',
      replace('ghcr.io/greenroom-demo', 'docker.io/somebody'),
      'structure',
      /inferenceservice\.yaml:\d+: .*does not come from ghcr\.io\/greenroom-demo\//,
    ],
    [
      release,
      'no version yet',
      replace(/sha256:\w+/, `sha256:${'0'.repeat(64)}`),
      'structure',
      /inferenceservice\.yaml:\d+: .*no version has been handed over/,
    ],
  ],
  kustomization: [
    [
      overlay,
      'a file that is not there',
      replace('- ../../base', '- ../../bases'),
      'build',
      /overlays\/dev\/kustomization\.yaml:1: kustomize cannot build this: .*bases/,
    ],
    [
      overlay,
      'a field that kustomize does not know',
      replace('patches:', 'patch:'),
      'build',
      /overlays\/dev\/kustomization\.yaml:1: kustomize cannot build this: .*patch/,
    ],
    [
      overlay,
      'the namespace of another team',
      replace('namespace: fraud-team-dev', 'namespace: ml-platform-dev'),
      'structure',
      /churn-risk\/base\/inferenceservice\.yaml:\d+: .*namespace is ml-platform-dev, not fraud-team-dev/,
    ],
    [
      overlay,
      'the environment of another overlay',
      replace('environment: dev', 'environment: prod'),
      'structure',
      /churn-risk\/base\/.*greenroom\.dev\/environment is prod, not dev/,
    ],
    [
      'platform/kustomization.yaml',
      'a team that is forgotten',
      replace('  - namespaces/fraud-team\n', ''),
      'structure',
      /platform\/kustomization\.yaml:\d+: resources does not list namespaces\/fraud-team/,
      'alone',
    ],
  ],
  ServiceMonitor: [
    [
      monitor,
      'a misspelt field',
      replace('endpoints:', 'endpoint:'),
      'schemas-check',
      /servicemonitor\.yaml:\d+: ServiceMonitor churn-risk .*endpoint/,
    ],
    [
      monitor,
      'an interval without a unit',
      replace('interval: 30s', 'interval: "30"'),
      'schemas-check',
      /servicemonitor\.yaml:\d+: .*interval/,
    ],
    [
      monitor,
      'a port where no metrics are',
      replace('targetPort: 8080', 'targetPort: 8081'),
      'structure',
      /servicemonitor\.yaml:\d+: .*targetPort 8080/,
    ],
  ],
  PrometheusRule: [
    [
      rules,
      'PromQL that is none',
      replace(
        'rate(request_predict_seconds_count[5m])',
        'rate(request_predict_seconds_count[5m]',
      ),
      'alerts',
      /model-serving\.rules\.yaml[\s\S]*could not parse|parse error/,
    ],
    [
      rules,
      'another threshold',
      replace('over_500ms_ratio5m > 0.05', 'over_500ms_ratio5m > 0.6'),
      'alerts',
      /latency\.test\.yaml|ModelLatencyHigh, time: 31m/,
    ],
    [
      rules,
      'no floor of the traffic',
      replace(
        /\n\s+and on \(namespace, model_name\) model:request_predict_seconds:rate5m >= 0\.1/,
        '',
      ),
      'alerts',
      /name: a model that hardly anybody asks,[\s\S]*ModelLatencyHigh/,
    ],
    [
      rules,
      'a series that nothing emits',
      replace(
        'max by (namespace, model_name) (ml_model_trained_timestamp_seconds)',
        'max by (namespace, model_name) (ml_model_trained_timestamp)',
      ),
      'structure',
      /model-serving\.rules\.yaml:\d+: nothing emits ml_model_trained_timestamp/,
    ],
    [
      rules,
      'a label without which Prometheus does not see it',
      replace('release: "kube-prometheus-stack"', 'release: "prometheus"'),
      'structure',
      /model-serving\.rules\.yaml:\d+: the label release must be kube-prometheus-stack/,
    ],
    [
      rules,
      'a field that the operator does not know',
      replace('          for: 10m', '          during: 10m'),
      'schemas-check',
      /model-serving\.rules\.yaml:\d+: PrometheusRule model-serving .*during/,
    ],
  ],
  'promtool test': [
    [
      latencyTest,
      'an alert that comes later than the test says',
      replace('eval_time: 31m', 'eval_time: 29m'),
      'alerts',
      /name: a busy model,[\s\S]*alertname: ModelLatencyHigh, time: 29m/,
    ],
    [
      latencyTest,
      'another value',
      replace('value: 0.95', 'value: 0.5'),
      'alerts',
      /p95_5m", time: 40m[\s\S]*exp: .*0\.5|p95_5m[\s\S]*5E-01/,
    ],
    [
      latencyTest,
      'an alert that is not tested any more',
      replace(/ModelLatencyHigh/g, 'ModelLatencyLow'),
      'structure',
      /model-serving\.rules\.yaml:\d+: ModelLatencyHigh is not tested before, at and after/,
    ],
    [
      latencyTest,
      'a field that promtool does not know',
      replace('alert_rule_test:', 'alert_rules_test:'),
      'alerts',
      /alert_rules_test|latency\.test\.yaml/,
    ],
  ],
  policy: [
    [
      digest,
      'a policy that only warns',
      replace('validationActions: [Deny]', 'validationActions: [Audit]'),
      'structure',
      /image-digest\.yaml:\d+: inferenceservice-image-digest must refuse/,
    ],
    [
      digest,
      'a pattern that takes any digest',
      replace('[0-9a-f]{64}$', ''),
      'policies',
      /image-digest[\s\S]*by-tag-and-digest-of-nothing[\s\S]*Want fail, got pass/,
    ],
    [
      digest,
      'CEL that is none',
      replace(
        'variables.components.all(component,',
        'variables.components.all(component',
      ),
      'policies',
      /image-digest[\s\S]*(Error|error|not found|failed)/,
    ],
    [
      signature,
      'the identity of anybody',
      replace("'^https://", "'https://"),
      'structure',
      /image-signature\.yaml:\d+: subjectRegExp takes https:\/\/evil\.example\//,
    ],
    [
      signature,
      'any branch',
      replace('refs/heads/main$', 'refs/heads/.*$'),
      'structure',
      /image-signature\.yaml:\d+: subjectRegExp takes .*refs\/heads\/feature/,
    ],
    [
      signature,
      'a field that kyverno does not know',
      replace('attestors:', 'attestor:'),
      'schemas-check',
      /image-signature\.yaml:\d+: ImageValidatingPolicy .*attestor/,
    ],
  ],
  'policy test': [
    [
      digestTest,
      'a refusal that is none',
      replace(
        '[by-digest, kserve-runtime, oci-by-digest]',
        '[by-digest, kserve-runtime, by-tag]',
      ),
      'policies',
      /image-digest[\s\S]*by-tag [\s\S]*Want pass, got fail/,
    ],
    [
      digestTest,
      'a policy that is not there',
      replace('policies/image-digest.yaml', 'policies/image-digests.yaml'),
      'policies',
      /image-digests\.yaml/,
    ],
    [
      digestTest,
      'no refusals any more',
      text => text.slice(0, text.lastIndexOf('  - policy:')),
      'structure',
      /image-digest\.yaml:\d+: inferenceservice-image-digest has no test of both/,
    ],
  ],
  ApplicationSet: [
    [
      set,
      'a misspelt field',
      replace('generators:\n    - matrix', 'generator:\n    - matrix'),
      'schemas-check',
      /applicationset\.yaml:\d+: ApplicationSet models .*generator/,
    ],
    [
      set,
      'missing fields that become empty names',
      replace('goTemplateOptions: [missingkey=error]', 'goTemplateOptions: []'),
      'structure',
      /applicationset\.yaml:\d+: .*missingkey=error/,
    ],
    [
      set,
      'models that end with a slip of Git',
      replace(
        'preserveResourcesOnDeletion: true',
        'preserveResourcesOnDeletion: false',
      ),
      'structure',
      /applicationset\.yaml:\d+: .*preserveResourcesOnDeletion/,
    ],
    [
      set,
      'one project for all',
      replace("project: '{{ .team }}'", 'project: default'),
      'structure',
      /applicationset\.yaml:\d+: .*project must be the team/,
    ],
    [
      set,
      'another repository',
      replace(/repoURL: \S+/, 'repoURL: https://example.com/x.git'),
      'structure',
      /applicationset\.yaml:\d+: repoURL must be /,
    ],
  ],
  AppProject: [
    [
      project,
      'any source',
      replace(/sourceRepos:\n\s+- \S+/, "sourceRepos:\n    - '*'"),
      'structure',
      /projects\/fraud-team\.yaml:\d+: sourceRepos must be /,
    ],
    [
      project,
      'the namespaces of all',
      replace('namespace: fraud-team-dev', "namespace: '*'"),
      'structure',
      /projects\/fraud-team\.yaml:\d+: namespace \* is not one of/,
    ],
    [
      project,
      'plain secrets',
      replace('kind: SealedSecret', 'kind: Secret'),
      'structure',
      /projects\/fraud-team\.yaml:\d+: Secret: list the kinds one by one/,
    ],
    [
      project,
      'a kind that models need',
      replace(/.*kind: PodDisruptionBudget.*\n/, ''),
      'structure',
      /poddisruptionbudget\.yaml:\d+: .*does not allow this kind/,
    ],
    [
      project,
      'a misspelt field',
      replace('destinations:', 'destination:'),
      'schemas-check',
      /projects\/fraud-team\.yaml:\d+: AppProject fraud-team .*destination/,
    ],
  ],
  NetworkPolicy: [
    [
      closed,
      'a namespace that is open',
      replace('policyTypes: [Ingress, Egress]', 'policyTypes: [Ingress]'),
      'structure',
      /network-policies\.yaml:\d+: nothing denies all traffic in the namespace fraud-team-dev/,
    ],
    [
      closed,
      'a rule that lets everybody in',
      replace(/- from:\n(.*\n)*?      ports:/, '- ports:'),
      'structure',
      /network-policies\.yaml:\d+: .*without peers/,
    ],
    [
      closed,
      'a misspelt field',
      replace('podSelector: {}', 'podSelectors: {}'),
      'schemas-check',
      /network-policies\.yaml:\d+: NetworkPolicy default-deny .*podSelectors/,
    ],
    [
      network,
      'a port that is a list',
      replace('port: 8080', 'port: [8080]'),
      'schemas-check',
      /base\/networkpolicy\.yaml:\d+: NetworkPolicy churn-risk .*port/,
    ],
  ],
  HTTPRoute: [
    [
      route,
      'weights that are not 100',
      replace('weight: 100', 'weight: 70'),
      'structure',
      /httproute\.yaml:\d+: .*weights \[70, 0\] are not 100/,
    ],
    [
      route,
      'another gateway',
      replace('name: kserve-ingress-gateway', 'name: public'),
      'structure',
      /httproute\.yaml:\d+: .*parent must be the gateway kserve\/kserve-ingress-gateway/,
    ],
    [
      route,
      'a service that is not there',
      replace('card-fraud-canary-predictor', 'card-fraud-next-predictor'),
      'structure',
      /httproute\.yaml:\d+: .*card-fraud-next-predictor is the service of no InferenceService/,
    ],
    [
      route,
      'a weight that is a word',
      replace('weight: 100', 'weight: most'),
      'schemas-check',
      /httproute\.yaml:\d+: HTTPRoute card-fraud-traffic .*weight/,
    ],
  ],
  dashboard: [
    [
      board,
      'no JSON',
      replace('"panels": [', '"panels": [,'),
      'structure',
      /model-serving\.dashboard\.json:\d+: this is not JSON/,
    ],
    [
      board,
      'a series that nothing emits',
      replace('ml_feature_psi{', 'ml_feature_drift{'),
      'structure',
      /model-serving\.dashboard\.json:\d+: the panel Drift of features reads ml_feature_drift/,
    ],
    [
      board,
      'all models at once',
      replace(/, model_name=~\\"\$model\\"/, ''),
      'structure',
      /model-serving\.dashboard\.json:\d+: the panel Requests does not ask for the chosen model/,
    ],
  ],
  Alertmanager: [
    [
      values,
      'a receiver that is not there',
      replace('- receiver: portal', '- receiver: portals'),
      'alerts',
      /kube-prometheus-stack\.values\.yaml[\s\S]*undefined receiver "portals"/,
    ],
    [
      values,
      'a field that Alertmanager does not know',
      replace('credentials_file:', 'credential_file:'),
      'alerts',
      /kube-prometheus-stack\.values\.yaml[\s\S]*credential_file/,
    ],
    [
      values,
      'alerts that go nowhere',
      replace('alertname =~ "Model.+"', 'alertname =~ "Models.+"'),
      'alerts',
      /kube-prometheus-stack\.values\.yaml[\s\S]*Expected receivers did not match/,
    ],
  ],
  'model.yaml': [
    [
      model,
      'another name than its folder',
      replace('model: "churn-risk"', 'model: "churn"'),
      'structure',
      /churn-risk\/model\.yaml:\d+: model is churn, but the folder is churn-risk/,
    ],
    [
      model,
      'a team that is not here',
      replace('team: "fraud-team"', 'team: "payments"'),
      'structure',
      /churn-risk\/model\.yaml:\d+: there is no team payments/,
    ],
    [
      model,
      'a repository of somebody else',
      replace('greenroom-demo/churn-risk', 'somebody/churn-risk'),
      'structure',
      /churn-risk\/model\.yaml:\d+: repository must be greenroom-demo\//,
    ],
    [
      model,
      'a key that is there twice',
      replace('team: "fraud-team"', 'team: "fraud-team"\nteam: "ml-platform"'),
      'structure',
      /churn-risk\/model\.yaml:\d+: the key team is there twice/,
      'alone',
    ],
  ],
  workflow: [
    [
      workflow,
      'an action by tag',
      replace(/actions\/checkout@\w{40} # v7\.0\.1/, 'actions/checkout@v7'),
      'workflows',
      /validate\.yml[\s\S]*unpinned-uses|unpinned-uses[\s\S]*validate\.yml/,
    ],
    [
      workflow,
      'a key that GitHub does not know',
      replace('timeout-minutes: 45', 'timeout: 45'),
      'workflows',
      /validate\.yml:\d+:\d+: unexpected key "timeout"/,
    ],
    [
      workflow,
      'text of others in a script',
      replace(
        'run: make install',
        'run: make install TITLE="${{ github.event.pull_request.title }}"',
      ),
      'workflows',
      /validate\.yml:\d+:\d+: .*untrusted/,
    ],
    [
      workflow,
      'every right',
      replace(
        'permissions: {}\n\nconcurrency',
        'permissions: write-all\n\nconcurrency',
      ),
      'workflows',
      /excessive-permissions[\s\S]*validate\.yml|validate\.yml[\s\S]*excessive-permissions/,
    ],
  ],
  secret: [
    [
      network,
      'a plain Secret',
      text =>
        `${text}---\napiVersion: v1\nkind: Secret\nmetadata: {name: churn-risk}\nstringData: {token: x}\n`,
      'structure',
      /networkpolicy\.yaml:\d+: a plain Secret: seal it/,
    ],
    [
      model,
      'a private key',
      text => `${text}# -----BEGIN EC PRIVATE KEY-----\n`,
      'structure',
      /model\.yaml:\d+: a private key/,
    ],
    [
      'platform/namespaces/base/namespace.yaml',
      'a Secret instead of the namespace',
      text => text.replace('kind: Namespace', 'kind: Secret'),
      'structure',
      /namespace\.yaml:\d+: a plain Secret/,
      'alone',
    ],
  ],
};

/** At least three for each kind of file. */
export const faults: Fault[] = Object.entries(table).flatMap(([kind, rows]) =>
  rows.map(([file, what, edit, target, says, alone]) => ({
    kind,
    file,
    what,
    edit,
    target,
    says,
    alone: alone === 'alone',
  })),
);

/** The targets whose checks go on after the first problem. */
const TELLS_ALL = ['schemas-check', 'score', 'structure'];

/** Faults that one run of their target can catch together: each in a file of its own. */
export function batches(all: Fault[]): Fault[][] {
  const result: Fault[][] = [];
  for (const fault of all) {
    const batch = result.find(
      ([first, ...others]) =>
        TELLS_ALL.includes(fault.target) &&
        first.target === fault.target &&
        ![fault, first].some(each => each.alone) &&
        ![first, ...others].some(each => each.file === fault.file),
    );
    if (batch) {
      batch.push(fault);
    } else {
      result.push([fault]);
    }
  }
  return result;
}
