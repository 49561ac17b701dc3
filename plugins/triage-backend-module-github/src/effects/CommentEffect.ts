// SPDX-License-Identifier: Apache-2.0
import type {
  EffectContext,
  EffectResult,
  PipelineRun,
  TriageEffect,
} from '@greenroom/plugin-triage-node';
import type { GithubClient, GithubClients } from '../client/GithubClients';
import { orNone, withGithubErrors } from '../client/toGithubError';
import { renderBody, renderRecovered, saysRecovered } from './bodies';
import { isOwnReport, type MarkedBody } from './findOwn';

const MAX_PAGES = 5;

interface FoundComment extends MarkedBody {
  id: number;
  html_url: string;
}

/** Where a comment is: of a pull request or of a commit. */
type Place = { pull: number } | { sha: string };

/** A comment on the pull request whose newest commit failed, else on the commit. */
export class CommentEffect implements TriageEffect {
  readonly kind = 'comment';
  readonly #clients: GithubClients;

  constructor(clients: GithubClients) {
    this.#clients = clients;
  }

  async findTarget({ run, signal }: EffectContext): Promise<string> {
    const { octokit, owner, repo } = await this.#clients.require(
      run.host,
      run.repository,
    );
    return withGithubErrors(async () => {
      const answer = await orNone(
        octokit.repos.listPullRequestsAssociatedWithCommit({
          owner,
          repo,
          commit_sha: run.commit,
          request: { signal },
        }),
      );
      const pull = answer?.data.find(
        ({ state, head }) => state === 'open' && head.sha === run.commit,
      );
      return pull ? `pull:${pull.number}` : `commit:${run.commit}`;
    });
  }

  async apply(
    context: EffectContext,
    { target, externalId }: { target: string; externalId?: string },
  ): Promise<EffectResult> {
    const { run, report, signal } = context;
    const client = await this.#clients.require(run.host, run.repository);
    const place = toPlace(target);
    const body = renderBody(context, 'comment');
    return withGithubErrors(async () => {
      const id =
        externalId ??
        (await find(client, place, report.failure.signature, signal));
      const renewed = id && (await renew(client, place, id, body, signal));
      const comment =
        renewed ||
        (await createOnce(client, place, {
          body,
          signature: report.failure.signature,
          signal,
        }));
      return {
        externalId: String(comment.id),
        url: comment.html_url,
        sent: body,
      };
    });
  }

  async recover(options: {
    target: string;
    externalId: string;
    run: PipelineRun;
    passed: PipelineRun;
    signal: AbortSignal;
  }): Promise<EffectResult | undefined> {
    const { target, externalId, run, passed, signal } = options;
    const client = await this.#clients.require(run.host, run.repository);
    const place = toPlace(target);
    return withGithubErrors(async () => {
      const body = await read(client, place, externalId, signal);
      if (body === undefined || saysRecovered(body, passed)) {
        return undefined;
      }
      // The report's own marker stays the first line.
      const [marker, ...rest] = body.split('\n');
      const next = [marker, renderRecovered(passed), '', ...rest].join('\n');
      const comment = await renew(client, place, externalId, next, signal);
      return comment && { externalId, url: comment.html_url, sent: next };
    });
  }
}

function toPlace(target: string): Place {
  const [kind, id] = target.split(':');
  return kind === 'pull' ? { pull: Number(id) } : { sha: id };
}

async function find(
  { octokit, owner, repo }: GithubClient,
  place: Place,
  signature: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let page = 1; page <= MAX_PAGES; page++) {
    const common = { owner, repo, per_page: 100, page, request: { signal } };
    const { data }: { data: FoundComment[] } =
      'pull' in place
        ? await octokit.issues.listComments({
            ...common,
            issue_number: place.pull,
          })
        : await octokit.repos.listCommentsForCommit({
            ...common,
            commit_sha: place.sha,
          });
    const own = data.find(item => isOwnReport(item, signature));
    if (own || data.length < 100) {
      return own && String(own.id);
    }
  }
  return undefined;
}

async function read(
  { octokit, owner, repo }: GithubClient,
  place: Place,
  id: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const which = { owner, repo, comment_id: Number(id), request: { signal } };
  const answer = await orNone<{ data: { body?: string | null } }>(
    'pull' in place
      ? octokit.issues.getComment(which)
      : octokit.repos.getCommitComment(which),
  );
  return answer?.data.body ?? undefined;
}

/** @returns undefined where somebody deleted it */
async function renew(
  { octokit, owner, repo }: GithubClient,
  place: Place,
  id: string,
  body: string,
  signal: AbortSignal,
): Promise<FoundComment | undefined> {
  const which = {
    owner,
    repo,
    comment_id: Number(id),
    body,
    request: { signal },
  };
  const answer = await orNone<{ data: FoundComment }>(
    'pull' in place
      ? octokit.issues.updateComment(which)
      : octokit.repos.updateCommitComment(which),
  );
  return answer?.data;
}

/**
 * The repository's own triage.yml may post at the same moment. Who finds after
 * writing that another wrote earlier takes the own one back and renews the other.
 */
async function createOnce(
  client: GithubClient,
  place: Place,
  options: { body: string; signature: string; signal: AbortSignal },
): Promise<FoundComment> {
  const { body, signature, signal } = options;
  const { octokit, owner, repo } = client;
  const created = await create(client, place, body, signal);
  const first = await find(client, place, signature, signal);
  if (!first || Number(first) >= created.id) {
    return created;
  }
  const which = {
    owner,
    repo,
    comment_id: created.id,
    request: { signal },
  };
  await orNone(
    'pull' in place
      ? octokit.issues.deleteComment(which)
      : octokit.repos.deleteCommitComment(which),
  );
  return (await renew(client, place, first, body, signal)) ?? created;
}

async function create(
  { octokit, owner, repo }: GithubClient,
  place: Place,
  body: string,
  signal: AbortSignal,
): Promise<FoundComment> {
  const common = { owner, repo, body, request: { signal } };
  const { data }: { data: FoundComment } =
    'pull' in place
      ? await octokit.issues.createComment({
          ...common,
          issue_number: place.pull,
        })
      : await octokit.repos.createCommitComment({
          ...common,
          commit_sha: place.sha,
        });
  return data;
}
