// SPDX-License-Identifier: Apache-2.0
import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

/**
 * A configured MLflow instance, without anything secret.
 *
 * @public
 */
export interface MlflowInstance {
  /** As annotations write it before the colon. */
  name: string;
  /** Base of links into MLflow's user interface, without a trailing slash. */
  webUrl: string;
  /** `MLFLOW_TRACKING_URI` for pipelines. */
  trackingUri: string;
  /** MLflow workspace, when the instance serves one of several. */
  workspace?: string;
}

/**
 * A configured MLflow instance with what is needed to call it.
 *
 * @public
 */
export interface MlflowInstanceConfig extends MlflowInstance {
  /** Base of the REST API, without a trailing slash and without `/api/2.0`. */
  baseUrl: string;
  /** Request headers; they hold the credentials. */
  headers: Record<string, string>;
  /** Time limit of one call with its retries, in milliseconds. */
  timeoutMs: number;
  /** In bytes. */
  maxResponseSize: number;
  maxConcurrent: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_RESPONSE_SIZE = 10 * 1024 * 1024;
const DEFAULT_MAX_CONCURRENT = 8;

// The message never repeats the value: an address may hold a password.
function invalid(key: string, expected: string): InputError {
  return new InputError(`Invalid config at '${key}': ${expected}`);
}

function readHttpUrl(config: Config, at: string, key: string): string {
  const path = `${at}.${key}`;
  let url: URL;
  try {
    url = new URL(config.getString(key));
  } catch {
    throw invalid(
      path,
      'must be an address such as https://mlflow.example.com',
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(path, 'must start with http:// or https://');
  }
  if (url.username || url.password) {
    throw invalid(path, `must hold no credentials, use '${at}.auth' for them`);
  }
  if (url.search || url.hash) {
    throw invalid(path, 'must have no query and no fragment');
  }
  const base = url.toString().replace(/(?<!\/)\/+$/, '');
  if (/\/(?:ajax-)?api\/\d\.\d(?:\/|$)/.test(url.pathname)) {
    throw invalid(path, "must not contain '/api/2.0', the client adds it");
  }
  return base;
}

function readTrackingUri(config: Config, at: string): string {
  const uri = config.getString('trackingUri');
  if (/^https?:/i.test(uri)) {
    return readHttpUrl(config, at, 'trackingUri');
  }
  if (!/^databricks(?::\/\/[\w.-]+)?$/.test(uri)) {
    throw invalid(
      `${at}.trackingUri`,
      'must start with http:// or https://, or be databricks or databricks://<profile>',
    );
  }
  return uri;
}

function readHeaders(config: Config, at: string): Record<string, string> {
  const headers: Record<string, string> = {};
  const custom = config.getOptionalConfig('headers');
  for (const key of custom?.keys() ?? []) {
    const value = custom?.getString(key) ?? '';
    try {
      new Headers().set(key, value);
    } catch {
      throw invalid(`${at}.headers.${key}`, 'is not a valid HTTP header');
    }
    headers[key.toLowerCase()] = value;
  }
  const workspace = config.getOptionalString('workspace');
  if (workspace !== undefined) {
    if (!/^[\w.-]{1,63}$/.test(workspace)) {
      throw invalid(
        `${at}.workspace`,
        "must be 1 to 63 letters, digits, '.', '_' or '-'",
      );
    }
    headers['x-mlflow-workspace'] = workspace;
  }
  const auth = config.getOptionalConfig('auth');
  const type = auth?.getString('type');
  if (auth && type === 'basic') {
    const username = auth.getString('username');
    if (username.includes(':')) {
      throw invalid(`${at}.auth.username`, "must not contain ':'");
    }
    const pair = `${username}:${auth.getString('password')}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  } else if (auth && type === 'bearer') {
    const token = auth.getString('token');
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw invalid(
        `${at}.auth.token`,
        'must consist of printable ASCII characters without spaces',
      );
    }
    headers.authorization = `Bearer ${token}`;
  } else if (auth) {
    throw invalid(`${at}.auth.type`, "must be 'basic' or 'bearer'");
  }
  return headers;
}

function readTimeout(config: Config, at: string): number {
  const value = config.getOptional('timeout');
  if (value === undefined) {
    return DEFAULT_TIMEOUT_MS;
  }
  let timeout: number;
  try {
    timeout =
      typeof value === 'number'
        ? value
        : durationToMilliseconds(
            readDurationFromConfig(config, { key: 'timeout' }),
          );
  } catch {
    timeout = NaN;
  }
  if (!(timeout >= 1 && timeout <= 300_000)) {
    throw invalid(
      `${at}.timeout`,
      'must be milliseconds or a duration such as { seconds: 10 }, at most 5 minutes',
    );
  }
  return timeout;
}

function readPositiveInteger(
  config: Config,
  at: string,
  key: string,
  options: { fallback: number; max: number },
): number {
  const value = config.getOptionalNumber(key) ?? options.fallback;
  if (!Number.isInteger(value) || value < 1 || value > options.max) {
    throw invalid(
      `${at}.${key}`,
      `must be a whole number from 1 to ${options.max}`,
    );
  }
  return value;
}

function readInstance(config: Config, at: string): MlflowInstanceConfig {
  const name = config.getString('name');
  if (!/^[A-Za-z0-9][\w.-]{0,62}$/.test(name)) {
    throw invalid(
      `${at}.name`,
      "must be 1 to 63 letters, digits, '.', '_' or '-'",
    );
  }
  const baseUrl = readHttpUrl(config, at, 'baseUrl');
  return {
    name,
    baseUrl,
    webUrl: config.has('webUrl') ? readHttpUrl(config, at, 'webUrl') : baseUrl,
    trackingUri: config.has('trackingUri')
      ? readTrackingUri(config, at)
      : baseUrl,
    workspace: config.getOptionalString('workspace'),
    headers: readHeaders(config, at),
    timeoutMs: readTimeout(config, at),
    maxResponseSize: readPositiveInteger(config, at, 'maxResponseSize', {
      fallback: DEFAULT_MAX_RESPONSE_SIZE,
      max: 256 * 1024 * 1024,
    }),
    maxConcurrent: readPositiveInteger(config, at, 'maxConcurrent', {
      fallback: DEFAULT_MAX_CONCURRENT,
      max: 100,
    }),
  };
}

/**
 * Reads `mlflow.instances` and `mlflow.defaultInstance`. The default instance
 * comes first in the answer.
 *
 * @throws InputError that names the config key and what would be right; it
 *   repeats no value.
 * @public
 */
export function readMlflowInstances(config: Config): MlflowInstanceConfig[] {
  const instances = (
    config.getOptionalConfigArray('mlflow.instances') ?? []
  ).map((entry, index) => readInstance(entry, `mlflow.instances[${index}]`));
  instances.forEach((instance, index) => {
    if (instances.findIndex(other => other.name === instance.name) < index) {
      throw invalid(
        `mlflow.instances[${index}].name`,
        `'${instance.name}' is the name of another instance already`,
      );
    }
  });
  const defaultName = config.getOptionalString('mlflow.defaultInstance');
  if (defaultName === undefined) {
    return instances;
  }
  const first = instances.find(instance => instance.name === defaultName);
  if (!first) {
    throw invalid(
      'mlflow.defaultInstance',
      'must be the name of one of mlflow.instances',
    );
  }
  return [first, ...instances.filter(instance => instance !== first)];
}
