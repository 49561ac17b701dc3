// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { PartDescription } from '../supervisor/platformParts';
import { withLifeline } from '../supervisor/withLifeline';
import { askMonitoring } from './askMonitoring';
import { MonitoringContext, monitoringFiles } from './MonitoringContext';

/** Enough to see a week; whichever comes first. */
const RETENTION = { time: '7d', size: '512MB' };

type Server = 'prometheus' | 'alertmanager';

function serverPart(
  context: MonitoringContext,
  server: Server,
  name: string,
  args: string[],
): PartDescription {
  const { state, programs, dir } = context;
  return {
    id: `monitoring-${server}`,
    spec: () => ({
      name,
      ...withLifeline(programs[server], [
        `--web.listen-address=127.0.0.1:${state.port(server)}`,
        `--web.config.file=${monitoringFiles(dir).webConfig}`,
        `--web.external-url=http://localhost:${state.port(`${server}Door`)}/`,
        '--log.level=warn',
        ...args,
      ]),
      env: { PATH: process.env.PATH, HOME: dir, TMPDIR: dir, GOGC: '50' },
      cwd: dir,
      logFile: state.log(server),
    }),
    check: async signal =>
      (await askMonitoring({ state, port: server, path: '/-/ready', signal }))
        .status === 200,
    timeoutMs: 60_000,
  };
}

/** Prometheus: ready when it says so. Who is not let in by {@link startDoor} needs a certificate. */
export function prometheusPart(context: MonitoringContext): PartDescription {
  const { dir } = context;
  return serverPart(context, 'prometheus', 'Prometheus', [
    `--config.file=${monitoringFiles(dir).prometheusConfig}`,
    `--storage.tsdb.path=${path.join(dir, 'prometheus')}`,
    `--storage.tsdb.retention.time=${RETENTION.time}`,
    `--storage.tsdb.retention.size=${RETENTION.size}`,
    '--web.enable-lifecycle',
    '--query.timeout=30s',
    '--query.max-concurrency=8',
    '--query.max-samples=10000000',
  ]);
}

/** Alertmanager, alone and so without gossip: ready when it says so. */
export function alertmanagerPart(context: MonitoringContext): PartDescription {
  const { dir } = context;
  return serverPart(context, 'alertmanager', 'Alertmanager', [
    `--config.file=${monitoringFiles(dir).alertmanagerConfig}`,
    `--storage.path=${path.join(dir, 'alertmanager')}`,
    '--data.retention=120h',
    '--cluster.listen-address=',
  ]);
}
