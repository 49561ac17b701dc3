// SPDX-License-Identifier: Apache-2.0
import { Octokit } from '@octokit/rest';

/** A change that somebody might propose, and that the pipeline must refuse. */
interface Proposal {
  branch: string;
  title: string;
  body: string;
  file: string;
  /** The file's new text; `before` is undefined where there is none yet. */
  change: (before: string | undefined) => string;
}

const PROPOSALS: readonly Proposal[] = [
  {
    branch: 'expect-four-cultivars',
    title: 'Expect a fourth cultivar',
    body: 'The next harvest has one more.',
    file: 'tests/test_cultivars.py',
    change: () => `"""The cultivars that the model tells apart."""

from sklearn.datasets import load_wine


def test_there_are_four_cultivars() -> None:
    cultivars = set(load_wine().target)
    assert len(cultivars) == 4
`,
  },
  {
    branch: 'smaller-trees',
    title: 'Train smaller trees',
    body: 'They answer faster.',
    file: 'config.yaml',
    // A leaf larger than the data: the forest can only answer the average.
    change: before =>
      (before ?? '').replace(
        'parameters: {}',
        'parameters: { min_samples_leaf: 1000 }',
      ),
  },
];

/**
 * Opens pull requests on the demo's repository whose pipelines fail, one for a broken test and one
 * below the gate: a newcomer sees what a report of a failure is like.
 */
export class DemoPullRequests {
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
    this.#octokit = new Octokit({ auth: token, baseUrl: forgeApiUrl });
    this.#repository = { owner, repo: name };
  }

  /** What an earlier start has opened stays as it is. */
  async open(signal?: AbortSignal): Promise<void> {
    for (const proposal of PROPOSALS) {
      const { data: pulls } = await this.#octokit.pulls.list({
        ...this.#repository,
        state: 'all',
        head: `${this.#repository.owner}:${proposal.branch}`,
        request: { signal },
      });
      if (pulls.length === 0) {
        await this.#propose(proposal, signal);
      }
    }
  }

  async #propose(
    { branch, title, body, file, change }: Proposal,
    signal?: AbortSignal,
  ): Promise<void> {
    const { git, pulls, repos } = this.#octokit;
    const common = { ...this.#repository, request: { signal } };
    const { data: main } = await git.getRef({ ...common, ref: 'heads/main' });
    const ref = `refs/heads/${branch}`;
    await git
      .createRef({ ...common, ref, sha: main.object.sha })
      .catch(unless(422));
    const before = await repos
      .getContent({ ...common, path: file, ref: branch })
      .catch(unless(404));
    const found =
      before && !Array.isArray(before.data) && 'content' in before.data
        ? before.data
        : undefined;
    const text = found && Buffer.from(found.content, 'base64').toString();
    await repos.createOrUpdateFileContents({
      ...common,
      path: file,
      branch,
      message: title,
      sha: found?.sha,
      content: Buffer.from(change(text)).toString('base64'),
    });
    await pulls.create({ ...common, head: branch, base: 'main', title, body });
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
