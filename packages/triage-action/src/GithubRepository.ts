// SPDX-License-Identifier: Apache-2.0
import type { GithubClient } from '@greenroom/plugin-triage-backend-module-github';
import { Octokit } from '@octokit/rest';

const nothing = () => {};

/** The repository that the action works in, and GitHub's client for it. */
export class GithubRepository {
  readonly octokit: Octokit;
  /** What each request says of the repository. */
  readonly names: { owner: string; repo: string };
  /** As the portal's module for GitHub takes it. */
  readonly client: GithubClient;

  constructor(options: {
    token: string;
    apiUrl: string;
    owner: string;
    repo: string;
  }) {
    const { token, apiUrl, owner, repo } = options;
    this.octokit = new Octokit({
      auth: token,
      baseUrl: apiUrl,
      userAgent: 'greenroom-triage',
      // What is not there is an answer, and said where it matters.
      log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    });
    this.names = { owner, repo };
    this.client = {
      octokit: this.octokit,
      owner,
      repo,
      apiBaseUrl: apiUrl,
      token,
    };
  }

  get fullName(): string {
    return `${this.names.owner}/${this.names.repo}`;
  }

  async defaultBranch(): Promise<string> {
    const { data } = await this.octokit.rest.repos.get(this.names);
    return data.default_branch;
  }

  /** One attempt of a run, as GitHub knows it. */
  async attempt(id: number, attempt: number) {
    const { data } = await this.octokit.rest.actions.getWorkflowRunAttempt({
      ...this.names,
      run_id: id,
      attempt_number: attempt,
    });
    return data;
  }
}

/** One attempt of a run of a workflow. */
export type RunAttempt = Awaited<ReturnType<GithubRepository['attempt']>>;
