// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { writeAtomically } from '../../bootstrap/files.mjs';
import { PlatformState } from '../supervisor/PlatformState';
import { copyOwnCatalog } from './copyOwnCatalog';

/** The owner of what the demo creates, an organisation of forge. */
export const DEMO_ORGANIZATION = 'greenroom-demo';

/** Addresses of the portal; apart only while app and backend are served with hot reload. */
export interface PortalUrls {
  app: string;
  backend: string;
}

/** How the portal reaches a cluster. */
export interface ClusterAccess {
  name: string;
  url: string;
  /** PEM of the authority that signed its certificate, if it is not a public one; the file may come later. */
  caFile?: string;
  /** For a cluster whose kubeconfig says so. */
  skipTLSVerify?: boolean;
  token: string;
  /** Of the local cluster: the metrics of its gateway, and the file that says how far it is. */
  local?: { metricsUrl: string; buildFile: string };
}

/** How alerts of the local cluster come to the portal. */
export interface AlertsAccess {
  /** What Alertmanager sends as its bearer token; this user's only. */
  tokenFile: string;
  /** Where the portal asks for the figures behind an alert. */
  prometheusUrl: string;
  cluster: string;
}

function describeAlerts({ tokenFile, prometheusUrl, cluster }: AlertsAccess) {
  return {
    tokenFile,
    prometheus: [{ name: cluster, url: prometheusUrl, cluster }],
  };
}

function describeServing({ name, local }: ClusterAccess) {
  return (
    local && {
      gateways: [{ cluster: name, metricsUrl: local.metricsUrl }],
      localBuild: { file: local.buildFile },
    }
  );
}

function describeCluster({ token, local: _, ...cluster }: ClusterAccess) {
  return {
    serviceLocatorMethod: { type: 'multiTenant' },
    clusterLocatorMethods: [
      {
        type: 'config',
        clusters: [
          {
            ...cluster,
            authProvider: 'serviceAccount',
            serviceAccountToken: token,
          },
        ],
      },
    ],
  };
}

/**
 * Writes what only this machine knows, on top of app-config.yaml: addresses, tokens, folders.
 *
 * @returns the file's path
 */
export function writePortalConfig(options: {
  state: PlatformState;
  root: string;
  urls: PortalUrls;
  /** Where the background's progress is told, and with which token. */
  progress: { port: number; token: string };
  /** The cluster that models are served from. */
  cluster?: ClusterAccess;
  alerts?: AlertsAccess;
}): string {
  const { state, root, urls, progress, cluster, alerts } = options;
  // The key itself stays in the environment.
  const triage = {
    ...(process.env.GEMINI_API_KEY && {
      gemini: { apiKey: '${GEMINI_API_KEY}' },
    }),
    ...(alerts && {
      alerts: describeAlerts(alerts),
      // Here a training costs nobody anything; the model's owner still has to switch it on.
      drift: { retraining: { enabled: true } },
    }),
  };
  const forge = `localhost:${state.ports.forge}`;
  // The scaffolder refuses to start without it.
  const workingDirectory = state.path('backstage', 'work');
  fs.mkdirSync(workingDirectory, { recursive: true });
  const mlflow = `http://localhost:${state.ports.mlflow}`;
  const config = {
    app: { baseUrl: urls.app },
    backend: {
      baseUrl: urls.backend,
      listen: { host: 'localhost', port: Number(new URL(urls.backend).port) },
      cors: { origin: urls.app },
      database: {
        client: 'better-sqlite3',
        connection: { directory: state.path('backstage') },
      },
      workingDirectory,
      // The catalog and the scaffolder read repositories of forge over plain HTTP.
      reading: { allow: [{ host: forge }] },
    },
    integrations: {
      github: [
        {
          host: forge,
          apiBaseUrl: `http://${forge}/api/v3`,
          rawBaseUrl: `http://${forge}/raw`,
          token: state.secrets.forgeToken,
        },
      ],
    },
    // forge signs its webhooks with it.
    events: {
      modules: { github: { webhookSecret: state.secrets.webhookSecret } },
    },
    ...(Object.keys(triage).length > 0 && { triage }),
    mlflow: {
      instances: [
        { name: 'local', baseUrl: mlflow, webUrl: mlflow, trackingUri: mlflow },
      ],
    },
    ...(cluster && {
      kubernetes: describeCluster(cluster),
      kserve: describeServing(cluster),
    }),
    home: { setup: { proxyPath: '/setup' } },
    proxy: {
      endpoints: {
        '/setup': {
          target: `http://127.0.0.1:${progress.port}`,
          allowedMethods: ['GET'],
          headers: { authorization: `Bearer ${progress.token}` },
        },
      },
    },
    auth: { providers: { guest: { userEntityRef: 'user:default/guest' } } },
    techdocs: {
      publisher: {
        type: 'local',
        local: { publishDirectory: state.path('backstage', 'techdocs') },
      },
    },
    catalog: {
      locations: [
        copyOwnCatalog(root, state.path('backstage', 'own')),
        'packages/local-platform/catalog/organization.yaml',
        'packages/local-platform/catalog/systems.yaml',
        'templates/model-service/template.yaml',
        'templates/model-service/upgrade.yaml',
        'templates/infra-manifests/template.yaml',
      ].map(file => ({ type: 'file', target: path.resolve(root, file) })),
    },
  };
  const file = state.path('config', 'app-config.local.yaml');
  writeAtomically(
    file,
    `# Written by npm start, each time. It holds tokens.\n${stringify(config)}`,
    0o600,
  );
  return file;
}
