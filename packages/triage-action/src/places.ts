// SPDX-License-Identifier: Apache-2.0
import {
  isOwnReport,
  renderRecovered,
  saysRecovered,
  type MarkedBody,
} from '@greenroom/plugin-triage-backend-module-github';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { PipelineRun } from '@greenroom/plugin-triage-node';
import { readReportMarker, renderIssueTitle } from '@greenroom/triage-engine';
import type { GithubRepository, RunAttempt } from './GithubRepository';

/** A report that stands on GitHub. */
export interface PostedReport {
  /** Of the comment, or the issue's number. */
  id: number;
  url: string;
  body: string;
  signature: string;
  /** Of an issue; why, where a person has closed it for another reason than that it is done. */
  closed?: 'completed' | 'not_planned';
}

/** Where the reports of a run are. */
export interface Place {
  target: 'issue' | 'comment';
  /** For people. */
  name: string;
  /** Those that are there, the first one first. */
  list(): Promise<PostedReport[]>;
  create(
    report: TriageReport,
    body: string,
  ): Promise<{ id: number; url: string }>;
  /** Takes back what was created beside an earlier one. */
  remove(id: number, first: PostedReport): Promise<void>;
  update(
    posted: PostedReport,
    report: TriageReport,
    body: string,
  ): Promise<{ url: string }>;
  /** Says that what a report tells is over; undefined where that is said. */
  recover(
    posted: PostedReport,
    passed: PipelineRun,
  ): Promise<{ url: string } | undefined>;
}

/** What GitHub answers for an issue or a comment, as far as it is read. */
interface Answer extends MarkedBody {
  id: number;
  html_url: string;
  /** These are of an issue. */
  number?: number;
  state?: string;
  state_reason?: string | null;
}

const MAX_LISTED = 1000;
/** Labels of triage are words. */
const LABEL = /^[a-z][\w: -]{0,49}$/;
const LIST_LABEL = 'triage';

/** Reports by their marker, and by who wrote it. */
function reportsOf(answers: Answer[]): PostedReport[] {
  return answers.flatMap(answer => {
    const { id, number, html_url: url, state, state_reason: reason } = answer;
    const body = answer.body ?? '';
    const signature = readReportMarker(body);
    if (!signature || !isOwnReport(answer, signature)) {
      return [];
    }
    const closed = reason === 'not_planned' ? 'not_planned' : 'completed';
    return [
      {
        id: number ?? id,
        url,
        body,
        signature,
        ...(state === 'closed' && ({ closed } as const)),
      },
    ];
  });
}

async function collect(
  pages: AsyncIterable<{ data: Answer[] }>,
): Promise<PostedReport[]> {
  const all: Answer[] = [];
  for await (const { data } of pages) {
    all.push(...data);
    if (all.length >= MAX_LISTED) {
      break;
    }
  }
  return reportsOf(all.sort((a, b) => a.id - b.id));
}

const urlOf = ({ data }: { data: { html_url: string } }) => ({
  url: data.html_url,
});

const createdOf = ({
  data,
}: {
  data: { id: number; number?: number; html_url: string };
}) => ({ id: data.number ?? data.id, url: data.html_url });

/** A comment that says of itself that it is over; the report's marker stays its first line. */
function withRecovered(body: string, passed: PipelineRun): string {
  const [marker, ...rest] = body.split('\n');
  return [marker, renderRecovered(passed), '', ...rest].join('\n');
}

function issues({ octokit, names }: GithubRepository): Place {
  const { rest } = octokit;
  return {
    target: 'issue',
    name: 'Issue',
    list: () =>
      collect(
        octokit.paginate.iterator(rest.issues.listForRepo, {
          ...names,
          state: 'all',
          labels: LIST_LABEL,
          per_page: 100,
        }),
      ),
    create: async (report, body) =>
      createdOf(
        await rest.issues.create({
          ...names,
          title: renderIssueTitle(report),
          body,
          labels: [
            ...new Set([
              LIST_LABEL,
              ...report.decision.labels.filter(label => LABEL.test(label)),
            ]),
          ].slice(0, 10),
        }),
      ),
    remove: async (id, first) => {
      await rest.issues.update({
        ...names,
        issue_number: id,
        // Without the marker: no later report may take it for its own.
        body: `Duplicate of #${first.id}.`,
        state: 'closed',
        state_reason: 'not_planned',
      });
    },
    update: async ({ id, closed }, report, body) =>
      urlOf(
        await rest.issues.update({
          ...names,
          issue_number: id,
          title: renderIssueTitle(report),
          body,
          // What a person does not plan to mend stays closed.
          ...(closed === 'completed' && {
            state: 'open',
            state_reason: 'reopened',
          }),
        }),
      ),
    recover: async ({ id, closed }, passed) => {
      if (closed) {
        return undefined;
      }
      const which = { ...names, issue_number: id };
      const { data: comments } = await rest.issues.listComments({
        ...which,
        since: new Date(passed.endedAt).toISOString(),
        per_page: 100,
      });
      if (!comments.some(({ body }) => saysRecovered(body ?? '', passed))) {
        await rest.issues.createComment({
          ...which,
          body: renderRecovered(passed),
        });
      }
      return urlOf(
        await rest.issues.update({
          ...which,
          state: 'closed',
          state_reason: 'completed',
        }),
      );
    },
  };
}

function pullRequest(
  { octokit, names }: GithubRepository,
  number: number,
): Place {
  const { rest } = octokit;
  const update = async (id: number, body: string) =>
    urlOf(await rest.issues.updateComment({ ...names, comment_id: id, body }));
  return {
    target: 'comment',
    name: 'Comment of the pull request',
    list: () =>
      collect(
        octokit.paginate.iterator(rest.issues.listComments, {
          ...names,
          issue_number: number,
          per_page: 100,
        }),
      ),
    create: async (_, body) =>
      createdOf(
        await rest.issues.createComment({
          ...names,
          issue_number: number,
          body,
        }),
      ),
    remove: async id => {
      await rest.issues.deleteComment({ ...names, comment_id: id });
    },
    update: ({ id }, _, body) => update(id, body),
    recover: async ({ id, body }, passed) =>
      saysRecovered(body, passed)
        ? undefined
        : update(id, withRecovered(body, passed)),
  };
}

function commit({ octokit, names }: GithubRepository, sha: string): Place {
  const { rest } = octokit;
  const update = async (id: number, body: string) =>
    urlOf(
      await rest.repos.updateCommitComment({ ...names, comment_id: id, body }),
    );
  return {
    target: 'comment',
    name: 'Comment of the commit',
    list: () =>
      collect(
        octokit.paginate.iterator(rest.repos.listCommentsForCommit, {
          ...names,
          commit_sha: sha,
          per_page: 100,
        }),
      ),
    create: async (_, body) =>
      createdOf(
        await rest.repos.createCommitComment({
          ...names,
          commit_sha: sha,
          body,
        }),
      ),
    remove: async id => {
      await rest.repos.deleteCommitComment({ ...names, comment_id: id });
    },
    update: ({ id }, _, body) => update(id, body),
    recover: async ({ id, body }, passed) =>
      saysRecovered(body, passed)
        ? undefined
        : update(id, withRecovered(body, passed)),
  };
}

/** An issue for the default branch, else the pull request, else the commit. */
export async function placeOf(
  repository: GithubRepository,
  run: RunAttempt,
): Promise<Place> {
  const number = run.pull_requests?.[0]?.number;
  if (
    run.event !== 'pull_request' &&
    run.head_branch === (await repository.defaultBranch())
  ) {
    return issues(repository);
  }
  return number
    ? pullRequest(repository, number)
    : commit(repository, run.head_sha);
}
