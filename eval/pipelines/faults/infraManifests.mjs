// SPDX-License-Identifier: Apache-2.0

/** The GitOps repository: what its checks say of manifests that are wrong. */
export const infraManifests = {
  template: 'infra-manifests',
  workflow: 'validate.yml',
  values: host => ({
    name: 'infra-manifests',
    description: 'What runs in the cluster, applied by Argo CD.',
    owner: 'group:default/fraud-team',
    repository: { host, owner: 'greenroom-demo', visibility: 'private' },
    teams: ['group:default/fraud-team'],
    environments: 'dev-staging-prod',
    productionSync: 'automatic',
    images: [],
    clusterServer: 'https://kubernetes.default.svc',
    argocdNamespace: 'argocd',
    gatewayName: 'kserve-ingress-gateway',
    gatewayNamespace: 'kserve',
    monitoringNamespace: 'monitoring',
    prometheusRelease: 'kube-prometheus-stack',
    portalUrl: 'http://greenroom.greenroom.svc:7007',
  }),
};

const NAMESPACES = 'platform/namespaces/base';

/** Each: a commit that breaks one check, and what that is called. */
export const infraManifestsFaults = [
  {
    name: 'manifest-schema',
    message: 'Let models reach the feature store',
    change: bench =>
      bench.edit(`${NAMESPACES}/network-policies.yaml`, text =>
        text.replace('  podSelector: {}\n', '  podSelectr: {}\n'),
      ),
    type: 'manifest',
    job: 'Validate',
    step: 'Schemas',
    root: [/podSelect/],
    why: 'kubeconform: a field of a NetworkPolicy is misspelt.',
  },
  {
    name: 'manifest-build',
    message: 'Raise the quota of the team',
    change: bench =>
      bench.edit(`${NAMESPACES}/kustomization.yaml`, text =>
        text.replace('resource-quota.yaml', 'quota.yaml'),
      ),
    type: 'manifest',
    job: 'Validate',
    step: 'Build',
    root: [/quota\.yaml/],
    why: 'kustomize: the kustomization names a file that is not there.',
  },
  {
    name: 'manifest-yaml',
    message: 'Give containers more memory',
    change: bench =>
      bench.edit(`${NAMESPACES}/limit-range.yaml`, text =>
        text.replace('default: {memory: 512Mi}', 'default: {memory: 512Mi'),
      ),
    type: 'manifest',
    job: 'Validate',
    step: 'Build',
    root: [/limit-range\.yaml|yaml: line/],
    why: 'A manifest is no YAML: a bracket is not closed.',
  },
  {
    name: 'manifest-alert',
    message: 'Alert earlier',
    change: bench =>
      bench.edit('platform/monitoring/model-serving.rules.yaml', text =>
        text.replace('over_500ms_ratio5m > 0.05', 'over_500ms_ratio5m > 0.5'),
      ),
    type: 'manifest',
    alternatives: ['unit-test'],
    job: 'Validate',
    step: 'Alerts',
    root: [/^\s*FAILED:/, /alertname: ModelLatencyHigh/],
    why: 'promtool: the test of an alert fails after its rule has changed.',
  },
  {
    name: 'manifest-policy',
    message: 'Ask for a limit of memory only',
    change: bench =>
      bench.edit('platform/policies/resources.yaml', text =>
        text.replaceAll("'cpu' in", "'memory' in"),
      ),
    type: 'manifest',
    alternatives: ['unit-test'],
    job: 'Validate',
    step: 'Policies',
    root: [/│ Fail\b/],
    why: 'kyverno: the test of an admission policy fails after the policy has changed.',
  },
];
