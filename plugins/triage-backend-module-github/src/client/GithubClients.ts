// SPDX-License-Identifier: Apache-2.0
import type { Config } from '@backstage/config';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
  type GithubCredentialsProvider,
} from '@backstage/integration';
import { Octokit } from '@octokit/rest';
import { toGithubError } from './toGithubError';

const TIMEOUT_MS = 30_000;

const nothing = () => {};
/** What Octokit would print holds addresses and parts of bodies. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** GitHub, as it may be used for one repository. @public */
export interface GithubClient {
  octokit: Octokit;
  owner: string;
  repo: string;
  apiBaseUrl: string;
  token: string;
}

/** Clients with the credentials of `integrations.github`: of its App, else its token. */
export class GithubClients {
  readonly #integrations: ScmIntegrations;
  readonly #credentials: GithubCredentialsProvider;

  constructor(config: Config) {
    this.#integrations = ScmIntegrations.fromConfig(config);
    this.#credentials = DefaultGithubCredentialsProvider.fromIntegrations(
      this.#integrations,
    );
  }

  /** @returns undefined where no integration has credentials for the repository */
  async find(
    host: string,
    repository: string,
  ): Promise<GithubClient | undefined> {
    const integration = this.#integrations.github.byHost(host);
    const apiBaseUrl = integration?.config.apiBaseUrl;
    const [owner, repo] = repository.split('/');
    if (!apiBaseUrl || !owner || !repo) {
      return undefined;
    }
    const { token } = await this.#credentials
      .getCredentials({ url: `https://${host}/${owner}/${repo}` })
      .catch(error => {
        throw toGithubError(error);
      });
    if (!token) {
      return undefined;
    }
    const octokit = new Octokit({
      auth: token,
      baseUrl: apiBaseUrl,
      userAgent: 'greenroom-triage',
      log: SILENT,
      request: {
        fetch: (url: string, init: RequestInit) =>
          fetch(url, {
            ...init,
            signal: init.signal ?? AbortSignal.timeout(TIMEOUT_MS),
          }),
      },
    });
    return { octokit, owner, repo, apiBaseUrl, token };
  }

  /** @throws Error where there is none */
  async require(host: string, repository: string): Promise<GithubClient> {
    const client = await this.find(host, repository);
    if (!client) {
      throw new Error(
        `No integration has credentials for ${repository} on ${host}`,
      );
    }
    return client;
  }
}
