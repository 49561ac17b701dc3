// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { NODE_NAME } from '../cluster/controlplane/identities';
import { KubeletOptions } from '../cluster/kubelet/kubeletOptions';
import {
  kubeletAnswers,
  kubeletProcess,
} from '../cluster/kubelet/kubeletProcess';
import { ManagedProcess } from '../supervisor/ManagedProcess';
import { waitUntilReady } from '../supervisor/waitUntilReady';
import { TestCluster } from './startCluster';

/** What a test may choose about a kubelet. */
export interface StartKubeletOptions {
  images: KubeletOptions['images'];
  restartBackoff?: KubeletOptions['restartBackoff'];
  adoptionMs?: number;
}

/** The kubelet of a cluster, as a process of its own. */
export interface TestKubelet {
  /** The proxy that leads to pods, with its user and password in `credentials`. */
  podProxyPort: number;
  credentials: { user: string; password: string };
  kubeletPort: number;
  options: KubeletOptions;
  pid: number;
  log(): string[];
  /** Ends it without a word, and starts another after so long. */
  killAndRestart(pauseMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the kubelet of a cluster; settles when it knows its pods. */
export async function startKubelet(
  { state, server, caFile, token }: TestCluster,
  { images, restartBackoff, adoptionMs }: StartKubeletOptions,
): Promise<TestKubelet> {
  const tokenFile = state.path('kubelet-token');
  fs.writeFileSync(tokenFile, token('kubelet'), { mode: 0o600 });
  const kubeletPort = await state.settlePort('kubelet');
  const podProxyPort = await state.settlePort('podProxy');
  const firstPort = 10_000 + 100 * Math.floor(Math.random() * 200);
  const credentials = { user: 'pods', password: token('admin') };
  const options: KubeletOptions = {
    server,
    tokenFile,
    caFile,
    nodeName: NODE_NAME,
    rootDir: state.path('kubelet'),
    images,
    kubeletPort,
    clientCaFile: state.certificate('kubelet-client-ca.crt'),
    certFile: state.certificate('kubelet.crt'),
    keyFile: state.certificate('kubelet.key'),
    podNetworkSocket: state.podNetworkSocket,
    podProxyPort,
    podProxyCredentials: credentials,
    containerPorts: [firstPort, firstPort + 99],
    restartBackoff,
    adoptionMs,
  };
  const client = {
    cert: fs.readFileSync(
      state.certificate('apiserver-kubelet-client.crt'),
      'utf8',
    ),
    key: fs.readFileSync(
      state.certificate('apiserver-kubelet-client.key'),
      'utf8',
    ),
    ca: fs.readFileSync(caFile, 'utf8'),
  };
  const start = async () => {
    const kubelet = ManagedProcess.start(
      kubeletProcess(options, path.join(state.dir, 'kubelet.log')),
    );
    try {
      await waitUntilReady({
        process: kubelet,
        check: signal => kubeletAnswers(kubeletPort, client, signal),
        timeoutMs: 60_000,
      });
    } catch (error) {
      await kubelet.stop();
      throw error;
    }
    return kubelet;
  };
  let kubelet = await start();
  return {
    podProxyPort,
    credentials,
    kubeletPort,
    options,
    get pid() {
      return kubelet.pid!;
    },
    log: () => kubelet.tail(200),
    killAndRestart: async (pauseMs = 0) => {
      process.kill(kubelet.pid!, 'SIGKILL');
      await kubelet.exited;
      await new Promise(resolve => setTimeout(resolve, pauseMs));
      kubelet = await start();
    },
    stop: () => kubelet.stop(),
  };
}
