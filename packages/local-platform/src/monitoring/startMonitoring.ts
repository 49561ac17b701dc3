// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { stringify } from 'yaml';
import { writeAtomically } from '../../bootstrap/files.mjs';
import { ManifestsRepository } from '../cluster/gitops/laptopManifests';
import { Part } from '../supervisor/Part';
import { PartDescription } from '../supervisor/platformParts';
import { askMonitoring, monitoringTls } from './askMonitoring';
import { ensureAlertsToken } from './ensureAlertsToken';
import {
  MONITORING_PORTS,
  MonitoringContext,
  monitoringFiles,
} from './MonitoringContext';
import { alertmanagerPart, prometheusPart } from './monitoringParts';
import { MonitoringWatch } from './MonitoringWatch';
import { prometheusConfig } from './prometheusConfig';
import { Door, startDoor } from './startDoor';

/** What monitoring is started with, beside a cluster that runs. */
export interface MonitoringOptions extends MonitoringContext {
  /** Where routes of alerts are; without it nobody is told of any. */
  repository?: ManifestsRepository;
  /** Makes a part that is started, and ended with all others. */
  addPart: (description: PartDescription) => Part;
  /** A line for the person at the terminal. */
  tell: (message: string) => void;
  /** How often cluster and repository are looked at, in ms; 10,000. */
  intervalMs?: number;
}

/** Monitoring that runs. */
export interface Monitoring {
  prometheusUrl: string;
  alertmanagerUrl: string;
  stop(): Promise<void>;
}

const SERVERS = ['prometheus', 'alertmanager'] as const;

/** Starts Alertmanager and Prometheus with the doors before them, and what keeps their configuration as the cluster says. */
export async function startMonitoring(
  options: MonitoringOptions,
): Promise<Monitoring> {
  const { state, dir, addPart } = options;
  for (const name of MONITORING_PORTS) {
    await state.settlePort(name);
  }
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  ensureAlertsToken(dir);
  const watch = new MonitoringWatch({
    ...options,
    kubeConfig: state.kubeConfig('prometheus'),
    reload: server => reload(options, server),
  });
  watch.prepare();
  writeConfiguration(options);
  const doors: Door[] = [];
  const stop = async () => {
    await watch.stop();
    await Promise.all(doors.map(door => door.stop()));
  };
  try {
    await addPart(alertmanagerPart(options)).start();
    await addPart(prometheusPart(options)).start();
    for (const server of SERVERS) {
      doors.push(
        await startDoor({
          port: state.port(`${server}Door`),
          target: { port: state.port(server), tls: () => monitoringTls(state) },
        }),
      );
    }
  } catch (error) {
    await stop();
    throw error;
  }
  watch.start();
  const [prometheus, alertmanager] = doors;
  return {
    prometheusUrl: prometheus.url,
    alertmanagerUrl: alertmanager.url,
    stop,
  };
}

function writeConfiguration(context: MonitoringContext): void {
  const { state, dir } = context;
  const files = monitoringFiles(dir);
  // With the way to pods in it, which has a password.
  writeAtomically(
    files.prometheusConfig,
    stringify(prometheusConfig(context)),
    0o600,
  );
  const web = {
    tls_server_config: {
      cert_file: state.certificate('monitoring.crt'),
      key_file: state.certificate('monitoring.key'),
      client_auth_type: 'RequireAndVerifyClientCert',
      client_ca_file: state.certificate('monitoring-client-ca.crt'),
    },
  };
  writeAtomically(files.webConfig, stringify(web), 0o600);
}

async function reload(
  { state }: MonitoringContext,
  server: (typeof SERVERS)[number],
): Promise<void> {
  const { status, text } = await askMonitoring({
    state,
    port: server,
    path: '/-/reload',
    method: 'POST',
  });
  if (status !== 200) {
    throw new Error(
      `${server} does not take its configuration: ${text.trim().slice(0, 500)}`,
    );
  }
}
