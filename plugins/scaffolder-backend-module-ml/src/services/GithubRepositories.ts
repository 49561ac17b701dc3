// SPDX-License-Identifier: Apache-2.0
import {
  CustomErrorBase,
  InputError,
  NotAllowedError,
  ServiceUnavailableError,
  toError,
} from '@backstage/errors';
import type {
  GithubCredentialsProvider,
  GithubIntegrationConfig,
  ScmIntegrations,
} from '@backstage/integration';
import { parseRepoUrl } from '@backstage/plugin-scaffolder-node';
import { Octokit } from '@octokit/rest';
import { RECORD_PATH } from './TemplateRecord';

const REQUEST_TIMEOUT_MS = 30_000;

/** Where a repository is or is to be. */
export interface RepositoryAddress {
  host: string;
  owner: string;
  name: string;
}

/** What GitHub says about a repository. */
export type RepositoryState =
  | { state: 'absent'; ownerExists: boolean }
  | {
      /** `empty`: made, but nothing was pushed yet. */
      state: 'empty' | 'filled';
      homepage?: string;
      /** The text of the template record, where the repository has one. */
      record?: string;
    };

function statusOf(error: unknown): number | undefined {
  return error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number'
    ? error.status
    : undefined;
}

/** What GitHub answers, or undefined where it has no such thing. */
export async function ifFound<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) {
      return undefined;
    }
    throw error;
  }
}

/**
 * The repositories of the configured GitHub hosts, asked with the credentials
 * that the official GitHub actions use.
 */
export class GithubRepositories {
  readonly #integrations: ScmIntegrations;
  readonly #credentialsProvider: GithubCredentialsProvider;
  readonly #requireUserCredentials: boolean;

  constructor(options: {
    integrations: ScmIntegrations;
    credentialsProvider: GithubCredentialsProvider;
    /** `scaffolder.requireScmUserCredentials` */
    requireUserCredentials: boolean;
  }) {
    this.#integrations = options.integrations;
    this.#credentialsProvider = options.credentialsProvider;
    this.#requireUserCredentials = options.requireUserCredentials;
  }

  /** The configured hosts, explicit ones first. */
  get hosts(): string[] {
    return this.#integrations.github
      .list()
      .map(integration => integration.config.host);
  }

  /**
   * The address that a step names in the form of `publish:github`.
   *
   * @throws InputError unless it names a repository of a configured host
   */
  parseAddress(repoUrl: string): RepositoryAddress {
    const { host, owner, repo } = parseRepoUrl(repoUrl, this.#integrations);
    if (!owner) {
      throw new InputError(`repoUrl: '${repoUrl}' names no owner`);
    }
    return { host, owner, name: repo };
  }

  /** The page of a repository, also of one that does not exist yet. */
  webUrl({ host, owner, name }: RepositoryAddress): string {
    // A host entry has no scheme; its API is served over the same one.
    const { protocol } = new URL(
      this.#config(host).apiBaseUrl ?? `https://${host}`,
    );
    return `${protocol}//${host}/${owner}/${name}`;
  }

  /** Calls GitHub about a repository, with the same credentials and sentences as the other methods. */
  async call<T>(
    address: RepositoryAddress,
    options: { token?: string; signal?: AbortSignal },
    fn: (octokit: Octokit) => Promise<T>,
  ): Promise<T> {
    const octokit = await this.#connect(address, options);
    return this.#call(address.host, () => fn(octokit));
  }

  async inspect(
    address: RepositoryAddress,
    options: { token?: string; signal?: AbortSignal } = {},
  ): Promise<RepositoryState> {
    const { host, owner, name: repo } = address;
    const octokit = await this.#connect(address, options);
    return this.#call(host, async () => {
      const found = await ifFound(octokit.repos.get({ owner, repo }));
      if (!found) {
        const ownerFound = await ifFound(
          octokit.users.getByUsername({ username: owner }),
        );
        return { state: 'absent', ownerExists: Boolean(ownerFound) };
      }
      const homepage = found.data.homepage ?? undefined;
      const branches = await octokit.repos.listBranches({
        owner: found.data.owner.login,
        repo: found.data.name,
        per_page: 1,
      });
      if (branches.data.length === 0) {
        return { state: 'empty', homepage };
      }
      const content = await ifFound(
        octokit.repos.getContent({ owner, repo, path: RECORD_PATH }),
      );
      const record =
        content && 'content' in content.data
          ? Buffer.from(content.data.content, 'base64').toString('utf8')
          : undefined;
      return { state: 'filled', homepage, record };
    });
  }

  /** Creates a variable of a repository, or sets it to another value. */
  async setVariable(
    address: RepositoryAddress,
    variable: { name: string; value: string },
    options: { token?: string; signal?: AbortSignal } = {},
  ): Promise<void> {
    const { host, owner, name: repo } = address;
    const octokit = await this.#connect(address, options);
    await this.#call(host, async () => {
      const existing = await ifFound(
        octokit.actions.getRepoVariable({ owner, repo, name: variable.name }),
      );
      await (existing
        ? octokit.actions.updateRepoVariable({ owner, repo, ...variable })
        : octokit.actions.createRepoVariable({ owner, repo, ...variable }));
    });
  }

  /** Sets what of a repository a person may change later: the address of its page, and its topics. */
  async setSettings(
    address: RepositoryAddress,
    settings: { homepage: string; topics: string[] },
    options: { token?: string; signal?: AbortSignal } = {},
  ): Promise<void> {
    const { host, owner, name: repo } = address;
    const { homepage, topics } = settings;
    const octokit = await this.#connect(address, options);
    await this.#call(host, async () => {
      await octokit.repos.replaceAllTopics({ owner, repo, names: topics });
      await octokit.repos.update({ owner, repo, homepage });
    });
  }

  #config(host: string): GithubIntegrationConfig {
    const integration = this.#integrations.github.byHost(host);
    if (!integration) {
      throw new InputError(
        `repository.host: '${host}' is not a configured GitHub host; configured are ${this.hosts.join(
          ', ',
        )}`,
      );
    }
    return integration.config;
  }

  async #connect(
    { host, owner, name }: RepositoryAddress,
    options: { token?: string; signal?: AbortSignal },
  ): Promise<Octokit> {
    const { apiBaseUrl } = this.#config(host);
    if (this.#requireUserCredentials && !options.token) {
      throw new InputError(
        `token: scaffolder.requireScmUserCredentials is on, so that this step needs the user's token for ${host}`,
      );
    }
    const credentials = options.token
      ? undefined
      : await this.#credentialsProvider.getCredentials({
          url: `https://${host}/${encodeURIComponent(
            owner,
          )}/${encodeURIComponent(name)}`,
        });
    const auth = options.token ?? credentials?.token;
    if (!auth) {
      throw new InputError(
        `There is no token for ${host}: set integrations.github[].token (or apps) for this host in app-config`,
      );
    }
    return new Octokit({
      auth,
      baseUrl: apiBaseUrl,
      // Failures end in the task's log, in our words.
      log: { debug() {}, info() {}, warn() {}, error() {} },
      request: {
        fetch: (url: string, init?: RequestInit) => {
          const signals = [
            AbortSignal.timeout(REQUEST_TIMEOUT_MS),
            ...(options.signal ? [options.signal] : []),
          ];
          return fetch(url, { ...init, signal: AbortSignal.any(signals) });
        },
      },
    });
  }

  async #call<T>(host: string, fn: () => Promise<T>): Promise<T> {
    try {
      return await fn();
    } catch (error) {
      // What is of ours has its sentence.
      throw error instanceof CustomErrorBase
        ? error
        : this.#explain(host, error);
    }
  }

  #explain(host: string, error: unknown): Error {
    const status = statusOf(error);
    const sentence = toError(error).message;
    switch (true) {
      case status === 401:
        return new NotAllowedError(
          `GitHub at ${host} refuses the portal's token: it may have expired; renew integrations.github[].token (or apps) for this host in app-config`,
        );
      case status === 429 || /rate limit/i.test(sentence):
        return new ServiceUnavailableError(
          `GitHub at ${host} allows no more calls for now; try again later`,
        );
      case status === 403:
        return new NotAllowedError(
          `The portal's token may not do this at ${host}: give it the rights to read and administer repositories`,
        );
      // What never got an answer has no response (Octokit gives it status 500).
      case status === undefined ||
        !(error instanceof Error && 'response' in error && error.response):
        return new ServiceUnavailableError(
          `GitHub at ${host} does not answer; check that it runs and that the portal reaches it, then try again`,
        );
      case status !== undefined && status >= 500:
        return new ServiceUnavailableError(
          `GitHub at ${host} fails just now (HTTP ${status}); try again in a few minutes`,
        );
      default:
        return new InputError(
          `GitHub at ${host} does not accept this (HTTP ${status}): ${sentence.slice(
            0,
            300,
          )}`,
        );
    }
  }
}
