// SPDX-License-Identifier: Apache-2.0
import { KubeletOptions } from '../cluster/kubelet/kubeletOptions';
import { KubeletPace, kubeletPart } from '../cluster/kubeletPart';
import { ManagedProcess } from '../supervisor/ManagedProcess';
import { waitUntilReady } from '../supervisor/waitUntilReady';
import { TestCluster } from './startCluster';

/** The kubelet of a cluster, as a process of its own that a test may kill. */
export interface TestKubelet {
  /** The proxy that leads to pods: `socks5://user:password@127.0.0.1:port`. */
  podNetwork: URL;
  /** Port of its own API. */
  port: number;
  log(): string[];
  /** Ends it without a word, and starts another. */
  killAndRestart(whileAway?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the kubelet of a cluster; settles when it knows its pods. */
export async function startKubelet(
  { state }: TestCluster,
  images: KubeletOptions['images'],
  pace?: KubeletPace,
): Promise<TestKubelet> {
  const { description, podNetwork } = await kubeletPart(state, images, pace);
  const start = async () => {
    const started = ManagedProcess.start(description.spec());
    try {
      await waitUntilReady({ ...description, process: started });
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  };
  let kubelet = await start();
  return {
    podNetwork: new URL(podNetwork),
    port: state.port('kubelet'),
    log: () => kubelet.tail(200),
    killAndRestart: async whileAway => {
      process.kill(kubelet.pid!, 'SIGKILL');
      await kubelet.exited;
      await whileAway?.();
      kubelet = await start();
    },
    stop: () => kubelet.stop(),
  };
}
