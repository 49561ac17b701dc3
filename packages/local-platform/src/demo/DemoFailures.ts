// SPDX-License-Identifier: Apache-2.0
import { Octokit } from '@octokit/rest';

/** Proposed by a pull request, whose checks fail. */
const BROKEN_TEST = {
  branch: 'expect-four-cultivars',
  title: 'Expect a fourth cultivar',
  body: 'The next harvest has one more.',
  file: 'tests/test_cultivars.py',
  text: `"""The cultivars that the model tells apart."""

from sklearn.datasets import load_wine


def test_there_are_four_cultivars() -> None:
    cultivars = set(load_wine().target)
    assert len(cultivars) == 4
`,
};

/** On main, since a pull request trains nothing, and taken back at once. */
const BELOW_GATE = {
  title: 'Train smaller trees',
  revert: 'Revert "Train smaller trees" [skip ci]',
  file: 'config.yaml',
  before: 'parameters: {}',
  // A leaf larger than the data: the forest can only answer the average.
  after: 'parameters: { min_samples_leaf: 1000 }',
};

/**
 * Makes two pipelines of the demo's repository fail, one by a broken test and one below the gate: a
 * newcomer sees what a report of a failure is like. The next pipeline on main passes again.
 */
export class DemoFailures {
  readonly #octokit: Octokit;
  readonly #repository: { owner: string; repo: string };

  constructor(options: {
    /** For example `http://localhost:3002/api/v3`. */
    forgeApiUrl: string;
    token: string;
    owner: string;
    name: string;
  }) {
    const { forgeApiUrl, token, owner, name } = options;
    const quiet = () => {};
    this.#octokit = new Octokit({
      auth: token,
      baseUrl: forgeApiUrl,
      // What is not there yet is no error here, and the terminal is the start list's.
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    this.#repository = { owner, repo: name };
  }

  /** What an earlier start has done stays as it is, and is ended where it was cut off. */
  async make(signal?: AbortSignal): Promise<void> {
    await this.#openPullRequest(signal);
    await this.#failGate(signal);
  }

  async #openPullRequest(signal?: AbortSignal): Promise<void> {
    const { git, pulls, repos } = this.#octokit;
    const common = { ...this.#repository, request: { signal } };
    const { branch, title, body, file, text } = BROKEN_TEST;
    const head = `${this.#repository.owner}:${branch}`;
    const { data: found } = await pulls.list({ ...common, state: 'all', head });
    if (found.length > 0) {
      return;
    }
    const { data: main } = await git.getRef({ ...common, ref: 'heads/main' });
    const ref = `refs/heads/${branch}`;
    await git
      .createRef({ ...common, ref, sha: main.object.sha })
      .catch(unless(422));
    const before = await repos
      .getContent({ ...common, path: file, ref: branch })
      .catch(unless(404));
    if (!before) {
      await repos.createOrUpdateFileContents({
        ...common,
        path: file,
        branch,
        message: title,
        content: Buffer.from(text).toString('base64'),
      });
    }
    await pulls.create({ ...common, head: branch, base: 'main', title, body });
  }

  async #failGate(signal?: AbortSignal): Promise<void> {
    const { title, revert, file, before, after } = BELOW_GATE;
    const { data: commits } = await this.#octokit.repos.listCommits({
      ...this.#repository,
      path: file,
      request: { signal },
    });
    const said = commits.map(({ commit }) => commit.message);
    if (!said.includes(title)) {
      await this.#replace(file, [before, after], title, signal);
    }
    if (!said.includes(revert)) {
      await this.#replace(file, [after, before], revert, signal);
    }
  }

  async #replace(
    path: string,
    [from, to]: [string, string],
    message: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const common = { ...this.#repository, path, request: { signal } };
    const { data } = await this.#octokit.repos.getContent(common);
    if (Array.isArray(data) || !('content' in data)) {
      throw new Error(`${path} is no file`);
    }
    const text = Buffer.from(data.content, 'base64').toString();
    await this.#octokit.repos.createOrUpdateFileContents({
      ...common,
      message,
      sha: data.sha,
      content: Buffer.from(text.replace(from, to)).toString('base64'),
    });
  }
}

/** Lets one answer of GitHub pass: a branch that is there, a file that is not. */
function unless(expected: number): (error: { status?: number }) => undefined {
  return error => {
    if (error.status !== expected) {
      throw error;
    }
    return undefined;
  };
}
