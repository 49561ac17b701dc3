// SPDX-License-Identifier: Apache-2.0
import {
  toMlflowPageUrl,
  type MlflowInstance,
} from '@greenroom/plugin-mlflow-node';

/** An experiment's page in MLflow's own UI. */
export function toExperimentUrl(
  instance: MlflowInstance,
  experimentId: string,
): string {
  return toMlflowPageUrl(instance, 'experiments', experimentId);
}

/** A registered model's (or prompt's) page in MLflow's own UI. */
export function toRegisteredModelUrl(
  instance: MlflowInstance,
  name: string,
  { isPrompt }: { isPrompt: boolean },
): string {
  return toMlflowPageUrl(instance, isPrompt ? 'prompts' : 'models', name);
}

/** A run's page in MLflow's own UI. */
export function toRunUrl(
  instance: MlflowInstance,
  { experimentId, runId }: { experimentId: string; runId: string },
): string {
  return toMlflowPageUrl(instance, 'experiments', experimentId, 'runs', runId);
}

/** A model version's page in MLflow's own UI. */
export function toModelVersionUrl(
  instance: MlflowInstance,
  { name, version }: { name: string; version: string },
): string {
  return toMlflowPageUrl(instance, 'models', name, 'versions', version);
}

/**
 * An address that a browser may follow: http(s) only, without the credentials
 * that CI systems like to leave in it. Tags are written by anyone.
 */
export function toHttpUrl(text: string | undefined): URL | undefined {
  if (!text || !URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return undefined;
  }
  url.username = '';
  url.password = '';
  return url;
}

/** The commit's page, as GitHub, GitLab, Gitea and Bitbucket address it. */
export function toCommitUrl(
  repoUrl: string | undefined,
  sha: string,
): string | undefined {
  const url = toHttpUrl(repoUrl);
  if (!url || !/^[0-9a-f]{7,64}$/i.test(sha)) {
    return undefined;
  }
  url.search = '';
  url.hash = '';
  const repository = url.toString().replace(/(?:\.git)?(?<!\/)\/*$/, '');
  return `${repository}/commit/${sha}`;
}

/**
 * Takes credentials out of the addresses in a text. As for a browser they end
 * at the last `@` before the path: a password may hold one, too.
 */
export function removeUrlCredentials(text: string): string {
  // The length is bounded so that a hostile text costs no more than its size.
  return text.replace(/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>]*@/gi, '$1');
}
