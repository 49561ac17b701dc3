// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { writeAtomically } from '../../bootstrap/files.mjs';
import { ClusterState } from '../cluster/controlplane/ClusterState';
import { MANIFESTS_REPOSITORY } from '../cluster/images/delivery';
import { ImageSettings } from '../cluster/images/ImageSettings';
import { registryPart } from '../cluster/images/registryPart';
import { ClusterReport, runCluster } from '../cluster/runCluster';
import {
  DEMO_MODEL,
  areFailuresWanted,
  isDemoWanted,
  makeFailures,
} from '../demo/createDemoModel';
import { DemoFailures } from '../demo/DemoFailures';
import { followServing } from '../demo/followServing';
import { demoRecord, makeDemo } from '../demo/makeDemo';
import { PortalClient } from '../portal/PortalClient';
import { DEMO_ORGANIZATION } from '../portal/portalConfig';
import { BackgroundTasks } from './BackgroundTasks';
import { Part } from './Part';
import { runMonitoring } from '../monitoring/runMonitoring';
import { LOCAL_CLUSTER } from './localCluster';
import { PlatformState } from './PlatformState';

/** What goes on beside the portal. */
export interface Background {
  /** Ends what the tasks have started and left running. */
  stop(): Promise<void>;
}

/** The file from which the Serving tab knows how far the local cluster is. */
export const clusterBuildFile = (state: PlatformState): string =>
  state.path('cluster', 'build.json');

function tellPortal(
  file: string,
  progress: ClusterReport & { problem?: string },
): void {
  const build = { cluster: LOCAL_CLUSTER, step: 1, of: 1, ...progress };
  writeAtomically(file, JSON.stringify(build), 0o600);
}

function whyNot(tasks: BackgroundTasks): string | undefined {
  return tasks.progress.find(({ id }) => id === 'cluster')?.detail;
}

/** Begins what the portal need not wait for. */
export function startBackground(options: {
  tasks: BackgroundTasks;
  state: PlatformState;
  portalUrl: string;
  /** Create the demo model if this state has none yet. */
  demo: boolean;
  /** The local cluster, if there is to be one. */
  cluster?: ClusterState;
  images?: ImageSettings;
  /** Where Prometheus and Alertmanager of the local cluster keep their data, if there are to be any. */
  monitoringDir?: string;
  /** Path of uv. */
  uv: string;
  cacheDir: string;
  /** A line for the person at the terminal. */
  tell: (message: string) => void;
}): Background {
  const { tasks, state, cluster, images, uv, cacheDir, tell } = options;
  const { monitoringDir } = options;
  let registry: Part | undefined;
  const demo = options.demo ? makeDemo(options) : undefined;
  const forge = `http://localhost:${state.ports.forge}`;
  const repository = {
    url: `${forge}/${DEMO_ORGANIZATION}/${MANIFESTS_REPOSITORY}`,
    apiUrl: `${forge}/api/v3`,
    token: state.secrets.forgeToken,
  };
  const buildFile = clusterBuildFile(state);
  fs.rmSync(buildFile, { force: true });
  const running =
    cluster &&
    tasks.run({ id: 'cluster', title: 'Local cluster' }, ({ report, signal }) =>
      runCluster({
        state: cluster,
        stateDir: state.dir,
        cacheDir,
        images: {
          folder: state.path('cluster', 'images'),
          registry: images && {
            url: `http://127.0.0.1:${images.port}`,
            pullToken: images.pullToken,
            standsInFor: ['ghcr.io'],
            uv,
            cacheDir,
          },
        },
        onRegistry: async binDir => {
          if (images) {
            registry = new Part({
              ...registryPart(state, images, binDir),
              stateDir: state.dir,
              tell,
            });
            await registry.start();
          }
        },
        repository,
        report: progress => {
          report(progress);
          if (progress.step) {
            tellPortal(buildFile, progress);
          }
        },
        tell,
        signal,
      }),
    );
  running?.then(there =>
    there
      ? fs.rmSync(buildFile, { force: true })
      : tellPortal(buildFile, { detail: '', problem: whyNot(tasks) }),
  );
  const monitoring =
    running &&
    monitoringDir !== undefined &&
    tasks.run(
      { id: 'monitoring', title: 'Prometheus and Alertmanager' },
      async ({ report, signal }) => {
        report({ detail: 'wait for the local cluster' });
        const there = await running;
        if (!there) {
          throw new Error('the local cluster did not come');
        }
        return runMonitoring({
          state: there.state,
          stateDir: state.dir,
          cacheDir,
          dir: monitoringDir,
          podProxy: there.podProxy,
          webhookUrl: `${options.portalUrl}/api/triage/alerts`,
          repository,
          report,
          tell,
          signal,
        });
      },
    );
  const served =
    running &&
    options.demo &&
    tasks.run(
      { id: 'demo-serving', title: 'Your first model, served' },
      async context => {
        context.report({ detail: 'waits for its pipeline and the cluster' });
        const [there] = await Promise.all([running, demo]);
        if (!there || isDemoWanted(demoRecord(state))) {
          throw new Error('its pipeline or the cluster did not come');
        }
        await followServing(new PortalClient(options.portalUrl), context);
      },
    );
  if (options.demo && areFailuresWanted(demoRecord(state))) {
    tasks.run(
      { id: 'demo-failures', title: 'Two pipelines that fail' },
      async ({ report, signal }) => {
        report({ detail: 'wait for your first model' });
        await Promise.all([demo, served]);
        const failures = new DemoFailures({
          forgeApiUrl: `${forge}/api/v3`,
          token: state.secrets.forgeToken,
          owner: DEMO_ORGANIZATION,
          name: DEMO_MODEL,
        });
        await makeFailures(demoRecord(state), () => failures.make(signal));
      },
    );
  }
  return {
    stop: async () => {
      if (monitoring) {
        await (await monitoring)?.stop();
      }
      await (await running)?.stop();
      await registry?.stop();
    },
  };
}
