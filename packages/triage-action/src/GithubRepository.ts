// SPDX-License-Identifier: Apache-2.0
import { Octokit } from '@octokit/rest';
import { download } from './download';

/** The repository that the action works in, and GitHub's client for it. */
export class GithubRepository {
  readonly octokit: Octokit;
  /** What each request says of the repository. */
  readonly names: { owner: string; repo: string };

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
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    this.names = { owner, repo };
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

  /**
   * Downloads what a route leads to. GitHub answers with the address of a storage,
   * which must not see the token.
   *
   * @param route - below `/repos/{owner}/{repo}`
   */
  async download(route: string, file: string, maxBytes: number): Promise<void> {
    const { headers } = await this.octokit.request(
      `GET /repos/{owner}/{repo}${route}`,
      { ...this.names, request: { redirect: 'manual' } },
    );
    if (!headers.location) {
      throw new Error('GitHub named no address for it');
    }
    await download(headers.location, file, maxBytes);
  }
}

/** One attempt of a run of a workflow. */
export type RunAttempt = Awaited<ReturnType<GithubRepository['attempt']>>;
