// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { LOCAL_CLUSTER } from '../supervisor/localCluster';
import { MonitoringContext, monitoringFiles } from './MonitoringContext';

/** In production 30 s; here a person waits. */
export const SCRAPE_INTERVAL = '15s';

/** A model is somebody's program: what it says is bounded. */
const LIMITS = {
  sample_limit: 20_000,
  body_size_limit: '8MB',
  label_limit: 64,
  label_value_length_limit: 1024,
};

/**
 * Prometheus' configuration: models by files of targets, the kubelet with the series of cAdvisor and of kube-state-metrics, the
 * gateway, and itself. Jobs and labels are those of kube-prometheus-stack.
 */
export function prometheusConfig(context: MonitoringContext): object {
  const { state, dir, podProxy } = context;
  const files = monitoringFiles(dir);
  const loopback = (port: string) => `127.0.0.1:${state.port(port)}`;
  const tls = (name: string) => ({
    scheme: 'https',
    tls_config: {
      ca_file: state.certificate('ca.crt'),
      cert_file: state.certificate(`${name}.crt`),
      key_file: state.certificate(`${name}.key`),
    },
  });
  const monitoring = tls('monitoring-client');
  const kubelet = tls('prometheus-kubelet-client');
  const only = (port: string, labels = {}) => ({
    static_configs: [{ targets: [loopback(port)], labels }],
  });
  return {
    global: {
      scrape_interval: SCRAPE_INTERVAL,
      evaluation_interval: SCRAPE_INTERVAL,
      external_labels: { cluster: LOCAL_CLUSTER },
    },
    rule_files: [path.join(files.rules, '*.yaml')],
    alerting: {
      alertmanagers: [{ ...monitoring, ...only('alertmanager') }],
    },
    scrape_configs: [
      {
        job_name: 'models',
        proxy_url: podProxy,
        follow_redirects: false,
        ...LIMITS,
        file_sd_configs: [{ files: [files.targets] }],
      },
      {
        job_name: 'kubelet',
        metrics_path: '/metrics/cadvisor',
        ...kubelet,
        ...only('kubelet', {
          metrics_path: '/metrics/cadvisor',
          node: LOCAL_CLUSTER,
        }),
      },
      {
        job_name: 'kube-state-metrics',
        metrics_path: '/metrics/kube-state-metrics',
        honor_labels: true,
        ...kubelet,
        ...only('kubelet'),
      },
      { job_name: 'traefik', ...only('gatewayMetrics') },
      { job_name: 'prometheus', ...monitoring, ...only('prometheus') },
      { job_name: 'alertmanager', ...monitoring, ...only('alertmanager') },
    ],
  };
}
