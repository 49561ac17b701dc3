// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { ClusterState } from '../cluster/controlplane/ClusterState';
import { MonitoringPrograms } from './buildMonitoring';

/** Ports of Prometheus and Alertmanager, and of the doors before them, by their names in the cluster's state. */
export const MONITORING_PORTS = [
  'prometheus',
  'prometheusDoor',
  'alertmanager',
  'alertmanagerDoor',
] as const;

/** What Prometheus and Alertmanager are made from. */
export interface MonitoringContext {
  /** Of the cluster that is watched: its ports and certificates. */
  state: ClusterState;
  programs: MonitoringPrograms;
  /** Holds data, generated configuration and the token of alerts. */
  dir: string;
  /** The way to pods: `http://user:password@127.0.0.1:port`. */
  podProxy: string;
  /** Where alerts are posted to: `http://localhost:3000/api/triage/alerts`. */
  webhookUrl: string;
}

/** Where things of monitoring are below its folder. */
export const monitoringFiles = (dir: string) => ({
  prometheusConfig: path.join(dir, 'prometheus.yaml'),
  alertmanagerConfig: path.join(dir, 'alertmanager.yaml'),
  webConfig: path.join(dir, 'web.yaml'),
  rules: path.join(dir, 'rules'),
  targets: path.join(dir, 'targets', 'models.json'),
  alertsToken: path.join(dir, 'alerts.token'),
});
