// SPDX-License-Identifier: Apache-2.0
import type {
  IncidentReportDraft,
  IncidentReportProposals,
} from '@greenroom/plugin-triage-node';
import type { GithubClient, GithubClients } from '../client/GithubClients';
import { orNone, withGithubErrors } from '../client/toGithubError';

const BODY = [
  'A draft, made from the record of the incident in the portal because a person asked for it.',
  'Check each sentence against its source, answer the open questions, then merge or close it.',
].join('\n');

/** One pull request with one file for each incident; people merge it. */
export class IncidentReportPullRequests implements IncidentReportProposals {
  readonly #clients: GithubClients;

  constructor(clients: GithubClients) {
    this.#clients = clients;
  }

  async propose(draft: IncidentReportDraft): Promise<{ url: string }> {
    const { host, incidentId, repository } = draft;
    const client = await this.#clients.require(host, repository);
    const branch = `triage/incident-${incidentId}`;
    return withGithubErrors(async () => {
      const open = await findOpen(client, branch, draft.signal);
      if (open) {
        return { url: open };
      }
      const base = await this.#prepareBranch(client, branch, draft);
      const { octokit, owner, repo } = client;
      const { data } = await octokit.pulls.create({
        owner,
        repo,
        head: branch,
        base,
        title: `Incident report: ${draft.title}`.slice(0, 200),
        body: BODY,
        draft: true,
        request: { signal: draft.signal },
      });
      return { url: data.html_url };
    });
  }

  /** Makes the branch and its file, as far as an earlier call has not. @returns the default branch */
  async #prepareBranch(
    { octokit, owner, repo }: GithubClient,
    branch: string,
    { markdown, path, signal, title }: IncidentReportDraft,
  ): Promise<string> {
    const common = { owner, repo, request: { signal } };
    const { data: repository } = await octokit.repos.get(common);
    const base = repository.default_branch;
    const known = await orNone(
      octokit.git.getRef({ ...common, ref: `heads/${branch}` }),
    );
    if (!known) {
      const { data: head } = await octokit.git.getRef({
        ...common,
        ref: `heads/${base}`,
      });
      await octokit.git.createRef({
        ...common,
        ref: `refs/heads/${branch}`,
        sha: head.object.sha,
      });
    }
    const file = await orNone(
      octokit.repos.getContent({ ...common, path, ref: branch }),
    );
    const sha =
      file && !Array.isArray(file.data) && file.data.type === 'file'
        ? file.data.sha
        : undefined;
    await octokit.repos.createOrUpdateFileContents({
      ...common,
      path,
      branch,
      sha,
      message: `Draft the report of an incident\n\n${title.slice(0, 200)}`,
      content: Buffer.from(markdown).toString('base64'),
    });
    return base;
  }
}

async function findOpen(
  { octokit, owner, repo }: GithubClient,
  branch: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { data } = await octokit.pulls.list({
    owner,
    repo,
    head: `${owner}:${branch}`,
    state: 'open',
    per_page: 1,
    request: { signal },
  });
  return data[0]?.html_url;
}
