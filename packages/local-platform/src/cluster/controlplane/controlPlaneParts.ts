// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import https from 'node:https';
import { stringify } from 'yaml';
import { writeAtomically } from '../../../bootstrap/files.mjs';
import { PartDescription } from '../../supervisor/platformParts';
import { kubernetesRequest } from '../apply/kubernetesRequest';
import { ClusterState } from './ClusterState';

/** What the control plane is made from. */
export interface ControlPlaneContext {
  state: ClusterState;
  /** Holds the binaries, as `buildCluster` makes them. */
  binDir: string;
}

/** Only what a node of processes needs; the rest would cost memory at rest. */
const CONTROLLERS = [
  'deployment-controller',
  'replicaset-controller',
  'endpointslice-controller',
  // services/proxy looks there.
  'endpoints-controller',
  'serviceaccount-controller',
  'namespace-controller',
  'garbage-collector-controller',
  'job-controller',
  // Without a status of it, Argo CD waits for a PodDisruptionBudget for ever.
  'disruption-controller',
  'horizontal-pod-autoscaler-controller',
  'root-ca-certificate-publisher-controller',
];

/** The environment of a Go server that ends with us, without a person's proxies: all it talks to is on this machine. */
function serverEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, TZ } = process.env;
  return { PATH, HOME, TMPDIR, TZ, GREENROOM_LIFELINE: 'stdin', ...more };
}

/** etcd: for holders of a certificate only, on loopback; ready when it is healthy. */
export function etcdPart({
  state,
  binDir,
}: ControlPlaneContext): PartDescription {
  const client = `https://127.0.0.1:${state.port('etcd')}`;
  const peer = `https://127.0.0.1:${state.port('etcdPeer')}`;
  const certificate = state.certificate('etcd.crt');
  const key = state.certificate('etcd.key');
  const authority = state.certificate('etcd-ca.crt');
  return {
    id: 'cluster-etcd',
    spec: () => ({
      name: 'etcd',
      command: `${binDir}/cluster`,
      args: [
        'etcd',
        '--name=greenroom',
        `--data-dir=${state.path('etcd')}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=greenroom=${peer}`,
        '--client-cert-auth',
        `--trusted-ca-file=${authority}`,
        `--cert-file=${certificate}`,
        `--key-file=${key}`,
        '--peer-client-cert-auth',
        `--peer-trusted-ca-file=${authority}`,
        `--peer-cert-file=${certificate}`,
        `--peer-key-file=${key}`,
        // After a power cut the cluster may be made anew from git; a laptop's disk is spared.
        '--unsafe-no-fsync',
        `--quota-backend-bytes=${2 * 1024 ** 3}`,
        '--auto-compaction-retention=1h',
        // It would ask itself with a server's certificate.
        '--enable-grpc-gateway=false',
        '--log-level=warn',
      ],
      env: serverEnv(),
      logFile: state.log('etcd'),
    }),
    check: signal => etcdIsHealthy(state, client, signal),
    timeoutMs: 60_000,
  };
}

function etcdIsHealthy(
  state: ClusterState,
  url: string,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    https
      .get(
        `${url}/health`,
        {
          ca: fs.readFileSync(state.certificate('etcd-ca.crt')),
          cert: fs.readFileSync(state.certificate('etcd-client.crt')),
          key: fs.readFileSync(state.certificate('etcd-client.key')),
          signal,
          agent: false,
        },
        response => {
          response.resume();
          resolve(response.statusCode === 200);
        },
      )
      .on('error', reject);
  });
}

/** kube-apiserver: ready when it says so to the admin. */
export function apiServerPart({
  state,
  binDir,
}: ControlPlaneContext): PartDescription {
  const certificate = (name: string) => state.certificate(name);
  const kubeConfig = state.kubeConfig('admin');
  return {
    id: 'cluster-apiserver',
    spec: () => ({
      name: 'kube-apiserver',
      command: `${binDir}/cluster`,
      args: [
        'kube-apiserver',
        '--bind-address=127.0.0.1',
        `--secure-port=${state.port('apiServer')}`,
        `--tls-cert-file=${certificate('apiserver.crt')}`,
        `--tls-private-key-file=${certificate('apiserver.key')}`,
        `--etcd-servers=https://127.0.0.1:${state.port('etcd')}`,
        `--etcd-cafile=${certificate('etcd-ca.crt')}`,
        `--etcd-certfile=${certificate('etcd-client.crt')}`,
        `--etcd-keyfile=${certificate('etcd-client.key')}`,
        '--anonymous-auth=false',
        `--token-auth-file=${state.writeTokens()}`,
        '--authorization-mode=Node,RBAC',
        // Not the URL, whose port may change: tokens are stored.
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${certificate('service-accounts.pub')}`,
        `--service-account-signing-key-file=${certificate('service-accounts.key')}`,
        '--service-cluster-ip-range=10.0.0.0/24',
        `--egress-selector-config-file=${writeEgressConfiguration(state)}`,
        `--kubelet-certificate-authority=${certificate('ca.crt')}`,
        `--kubelet-client-certificate=${certificate('apiserver-kubelet-client.crt')}`,
        `--kubelet-client-key=${certificate('apiserver-kubelet-client.key')}`,
        '--kubelet-preferred-address-types=InternalIP',
        '--enable-priority-and-fairness=false',
        '--profiling=false',
        '--event-ttl=1h',
      ],
      env: serverEnv({ GOGC: '50' }),
      logFile: state.log('apiserver'),
    }),
    check: async signal => {
      const answer = await kubernetesRequest(kubeConfig, {
        path: '/readyz',
        signal,
      });
      return answer.status === 200;
    },
    timeoutMs: 120_000,
  };
}

/** Pods and the kubelet are reached by the kubelet's proxy, as their addresses exist nowhere else. */
function writeEgressConfiguration(state: ClusterState): string {
  const file = state.path('egress.yaml');
  const udsName = state.podNetworkSocket;
  writeAtomically(
    file,
    stringify({
      apiVersion: 'apiserver.k8s.io/v1beta1',
      kind: 'EgressSelectorConfiguration',
      egressSelections: [
        {
          name: 'cluster',
          connection: {
            proxyProtocol: 'HTTPConnect',
            transport: { uds: { udsName } },
          },
        },
      ],
    }),
    0o600,
  );
  return file;
}

/** kube-controller-manager: it listens nowhere; ready when the default namespace has what it makes there. */
export function controllerManagerPart({
  state,
  binDir,
}: ControlPlaneContext): PartDescription {
  const kubeConfig = state.kubeConfig('admin');
  return {
    id: 'cluster-controller-manager',
    spec: () => ({
      name: 'kube-controller-manager',
      command: `${binDir}/cluster`,
      args: [
        'kube-controller-manager',
        `--kubeconfig=${state.kubeconfigFile('kube-controller-manager')}`,
        '--secure-port=0',
        '--leader-elect=false',
        // Each controller has the rights that Kubernetes gives it, and no more.
        '--use-service-account-credentials',
        `--service-account-private-key-file=${state.certificate('service-accounts.key')}`,
        `--root-ca-file=${state.certificate('ca.crt')}`,
        `--controllers=${CONTROLLERS.join(',')}`,
      ],
      env: serverEnv(),
      logFile: state.log('controller-manager'),
    }),
    check: async signal => {
      const answers = await Promise.all(
        ['serviceaccounts/default', 'configmaps/kube-root-ca.crt'].map(name =>
          kubernetesRequest(kubeConfig, {
            path: `/api/v1/namespaces/default/${name}`,
            signal,
          }),
        ),
      );
      return answers.every(answer => answer.status === 200);
    },
    timeoutMs: 60_000,
  };
}

/** KServe's controller: ready when its webhooks listen. */
export function kservePart({
  state,
  binDir,
}: ControlPlaneContext): PartDescription {
  const health = `127.0.0.1:${state.port('kserveHealth')}`;
  return {
    id: 'cluster-kserve',
    spec: () => ({
      name: 'KServe',
      command: `${binDir}/kserve`,
      args: [
        `--kubeconfig=${state.kubeconfigFile('kserve')}`,
        '--metrics-addr=0',
        `--health-probe-addr=${health}`,
        `--webhook-port=${state.port('kserveWebhook')}`,
        `--webhook-cert-dir=${state.certificate('kserve-webhook')}`,
      ],
      env: serverEnv({ POD_NAMESPACE: 'kserve' }),
      logFile: state.log('kserve'),
    }),
    check: async signal =>
      (await fetch(`http://${health}/readyz`, { signal })).ok,
    timeoutMs: 120_000,
  };
}
