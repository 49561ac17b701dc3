// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { stringify } from 'yaml';
import { writeAtomically } from '../../../bootstrap/files.mjs';
import { PartDescription } from '../../supervisor/platformParts';
import { withLifeline } from '../../supervisor/withLifeline';
import { ClusterState } from '../controlplane/ClusterState';

/** What the parts of GitOps are made from. */
export interface GitopsContext {
  state: ClusterState;
  /** Holds `argocd`, as `buildCluster` makes it. */
  binDir: string;
  /** Traefik's binary. */
  traefik: string;
  /** The kubelet's proxy, which alone knows where pods are: `socks5://user:password@127.0.0.1:port`. */
  podNetwork: string;
  /** Of Argo CD's cache. */
  cachePassword: string;
}

/** Ports of these parts, by their names in the cluster's state. */
export const GITOPS_PORTS = [
  'argocdCache',
  'argocdRepoServer',
  'argocdRepoServerMetrics',
  'argocdControllerMetrics',
  'argocdApplicationSetProbe',
  'argocdApplicationSetWebhook',
  'gateway',
  'gatewayMetrics',
];

/** A commit is told at once (`watchRepository`); this is for what was missed. */
const RESYNC_S = 600;

/**
 * Argo CD calls other programs by their names: `kustomize`, and itself to answer git's question for a password. Both are
 * the one binary.
 */
export function linkTools({ state, binDir }: GitopsContext): string {
  const dir = state.path('argocd', 'bin');
  fs.mkdirSync(dir, { recursive: true });
  for (const name of ['argocd', 'kustomize']) {
    const link = path.join(dir, name);
    fs.rmSync(link, { force: true });
    fs.symlinkSync(path.join(binDir, 'argocd'), link);
  }
  return dir;
}

/** Without a person's proxies and Argo CD settings: all they talk to is on this machine. */
function argocdEnv(
  context: GitopsContext,
  role: string,
  more: NodeJS.ProcessEnv = {},
): NodeJS.ProcessEnv {
  const tools = linkTools(context);
  const home = context.state.path('argocd', 'home');
  fs.mkdirSync(home, { recursive: true, mode: 0o700 });
  return {
    PATH: `${tools}${path.delimiter}${process.env.PATH}`,
    HOME: home,
    TMPDIR: home,
    ARGOCD_BINARY_NAME: role,
    REDIS_PASSWORD: context.cachePassword,
    GREENROOM_LIFELINE: 'stdin',
    GOGC: '50',
    ...more,
  };
}

const loopback = (context: GitopsContext, port: string) =>
  `127.0.0.1:${context.state.port(port)}`;

const answers = async (url: string, signal: AbortSignal) =>
  (await fetch(url, { signal })).ok;

function listens(port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, signal });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** Argo CD's repo-server: fetches repositories, renders them, and holds the cache of all; ready when it says so. */
export function argocdRepoServerPart(context: GitopsContext): PartDescription {
  const { state, binDir } = context;
  const metrics = loopback(context, 'argocdRepoServerMetrics');
  return {
    id: 'cluster-argocd-repo-server',
    spec: () => ({
      name: "Argo CD's repo-server",
      command: path.join(binDir, 'argocd'),
      args: [
        '--address=127.0.0.1',
        `--port=${state.port('argocdRepoServer')}`,
        '--metrics-address=127.0.0.1',
        `--metrics-port=${state.port('argocdRepoServerMetrics')}`,
        '--disable-tls',
        `--redis=${loopback(context, 'argocdCache')}`,
        '--parallelismlimit=2',
        '--logformat=text',
        '--loglevel=warn',
      ],
      env: argocdEnv(context, 'argocd-repo-server', {
        GREENROOM_CACHE_ADDRESS: loopback(context, 'argocdCache'),
        ARGOCD_GPG_ENABLED: 'false',
        // Its own default lies in /tmp, where two platforms would meet.
        ARGOCD_ASK_PASS_SOCK: state.path('argocd', 'ask-pass.sock'),
        GIT_CONFIG_NOSYSTEM: '1',
      }),
      logFile: state.log('argocd-repo-server'),
    }),
    check: signal => answers(`http://${metrics}/healthz`, signal),
    timeoutMs: 60_000,
  };
}

/** Argo CD's application controller: compares and syncs; ready when it says so. */
export function argocdControllerPart(context: GitopsContext): PartDescription {
  const { state, binDir } = context;
  const metrics = loopback(context, 'argocdControllerMetrics');
  return {
    id: 'cluster-argocd-controller',
    spec: () => {
      const kubeconfig = state.kubeconfigFile('argocd');
      return {
        name: "Argo CD's controller",
        command: path.join(binDir, 'argocd'),
        args: [
          `--kubeconfig=${kubeconfig}`,
          '--namespace=argocd',
          `--redis=${loopback(context, 'argocdCache')}`,
          `--repo-server=${loopback(context, 'argocdRepoServer')}`,
          '--repo-server-plaintext',
          `--metrics-port=${state.port('argocdControllerMetrics')}`,
          `--app-resync=${RESYNC_S}`,
          // Otherwise a repository that cannot be read stays unsaid for three minutes.
          '--repo-error-grace-period-seconds=5',
          '--status-processors=4',
          '--operation-processors=2',
          '--kubectl-parallelism-limit=4',
          '--logformat=text',
          '--loglevel=warn',
        ],
        env: argocdEnv(context, 'argocd-application-controller', {
          // So that https://kubernetes.default.svc, which manifests name, is this cluster.
          ARGOCD_FAKE_IN_CLUSTER: 'true',
          KUBECONFIG: kubeconfig,
        }),
        logFile: state.log('argocd-controller'),
      };
    },
    check: signal => answers(`http://${metrics}/healthz`, signal),
    timeoutMs: 60_000,
  };
}

/** Argo CD's ApplicationSet controller: makes an Application of each overlay; ready when it listens. */
export function argocdApplicationSetPart(
  context: GitopsContext,
): PartDescription {
  const { state, binDir } = context;
  const probe = loopback(context, 'argocdApplicationSetProbe');
  return {
    id: 'cluster-argocd-applicationset',
    spec: () => ({
      name: "Argo CD's ApplicationSet controller",
      command: path.join(binDir, 'argocd'),
      args: [
        '--namespace=argocd',
        `--argocd-repo-server=${loopback(context, 'argocdRepoServer')}`,
        '--repo-server-plaintext',
        `--probe-addr=${probe}`,
        '--metrics-addr=0',
        `--webhook-addr=${loopback(context, 'argocdApplicationSetWebhook')}`,
        '--enable-leader-election=false',
        '--enable-scm-providers=false',
        '--logformat=text',
        '--loglevel=warn',
      ],
      env: argocdEnv(context, 'argocd-applicationset-controller', {
        // It has a flag for this, too, which it does not read.
        KUBECONFIG: state.kubeconfigFile('argocd-applicationset'),
      }),
      logFile: state.log('argocd-applicationset'),
    }),
    // No check is registered there, so there is no answer but 404.
    check: signal => listens(state.port('argocdApplicationSetProbe'), signal),
    timeoutMs: 60_000,
  };
}

/** Traefik as the Gateway: ready when it answers its own ping. */
export function traefikPart(context: GitopsContext): PartDescription {
  const { state, traefik, podNetwork } = context;
  const metrics = loopback(context, 'gatewayMetrics');
  return {
    id: 'cluster-traefik',
    spec: () => ({
      name: 'Traefik',
      ...withLifeline(traefik, [
        `--configFile=${writeTraefikConfiguration(context)}`,
      ]),
      env: {
        PATH: process.env.PATH,
        HOME: state.path('traefik'),
        // With http:// Go would put the Host header into the request line, and the pod's address would be lost.
        HTTP_PROXY: podNetwork,
        NO_PROXY: '127.0.0.1,localhost',
        GOGC: '50',
      },
      cwd: state.path('traefik'),
      logFile: state.log('traefik'),
    }),
    check: signal => answers(`http://${metrics}/ping`, signal),
    timeoutMs: 60_000,
  };
}

function writeTraefikConfiguration(context: GitopsContext): string {
  const { state } = context;
  const file = state.path('traefik', 'traefik.yaml');
  const configuration = {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: 'WARN' },
    entryPoints: {
      web: { address: loopback(context, 'gateway') },
      internal: { address: loopback(context, 'gatewayMetrics') },
    },
    ping: { entryPoint: 'internal' },
    metrics: {
      prometheus: { entryPoint: 'internal', addServicesLabels: true },
    },
    providers: {
      // Its own two seconds are for clusters that change all the time; a model that is Ready should answer.
      providersThrottleDuration: '250ms',
      kubernetesGateway: {
        endpoint: state.server,
        token: state.token('traefik'),
        certAuthFilePath: state.certificate('ca.crt'),
        statusAddress: { ip: '127.0.0.1' },
      },
    },
  };
  writeAtomically(file, stringify(configuration), 0o600);
  return file;
}
