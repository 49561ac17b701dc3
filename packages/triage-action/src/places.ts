// SPDX-License-Identifier: Apache-2.0
import { readReportMarker, renderIssueTitle } from '@greenroom/triage-engine';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { GithubRepository, RunAttempt } from './GithubRepository';

/** A report that stands on GitHub. */
export interface PostedReport {
  /** Of the comment, or the issue's number. */
  id: number;
  url: string;
  body: string;
  signature: string;
}

/** Where the reports of a run are. */
export interface Place {
  target: 'issue' | 'comment';
  /** For people. */
  name: string;
  /** Those that are there, the newest first. */
  list(): Promise<PostedReport[]>;
  create(report: TriageReport, body: string): Promise<{ url: string }>;
  update(id: number, body: string): Promise<{ url: string }>;
  /** Says that what a report tells is over. */
  recover(posted: PostedReport, sentence: string): Promise<{ url: string }>;
}

/** What GitHub answers for an issue or a comment, as far as it is read. */
interface Answer {
  id: number;
  /** Of an issue. */
  number?: number;
  html_url: string;
  body?: string | null;
  user: { type?: string } | null;
}

const MAX_LISTED = 1000;
/** Labels of triage are words. */
const LABEL = /^[a-z][\w: -]{0,49}$/;
const LIST_LABEL = 'triage';

/**
 * Reports by their marker. People can write a marker as well, so that what no
 * program has posted is nobody's report.
 */
function reportsOf(answers: Answer[]): PostedReport[] {
  return answers.flatMap(({ id, number, html_url: url, body, user }) => {
    const signature = readReportMarker(body ?? '');
    return signature && user?.type === 'Bot'
      ? [{ id: number ?? id, url, body: body ?? '', signature }]
      : [];
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
  return reportsOf(all.sort((a, b) => b.id - a.id));
}

const urlOf = ({ data }: { data: { html_url: string } }) => ({
  url: data.html_url,
});

const withSentence = (body: string, sentence: string) =>
  body.includes(sentence) ? body : `${body.trimEnd()}\n\n${sentence}\n`;

function issues({ octokit, names }: GithubRepository): Place {
  const { rest } = octokit;
  return {
    target: 'issue',
    name: 'Issue',
    list: () =>
      collect(
        octokit.paginate.iterator(rest.issues.listForRepo, {
          ...names,
          state: 'open',
          labels: LIST_LABEL,
          per_page: 100,
        }),
      ),
    create: async (report, body) =>
      urlOf(
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
    update: async (id, body) =>
      urlOf(await rest.issues.update({ ...names, issue_number: id, body })),
    recover: async ({ id }, sentence) => {
      const closed = await rest.issues.update({
        ...names,
        issue_number: id,
        state: 'closed',
        state_reason: 'completed',
      });
      await rest.issues.createComment({
        ...names,
        issue_number: id,
        body: sentence,
      });
      return urlOf(closed);
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
      urlOf(
        await rest.issues.createComment({
          ...names,
          issue_number: number,
          body,
        }),
      ),
    update,
    recover: ({ id, body }, sentence) =>
      update(id, withSentence(body, sentence)),
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
      urlOf(
        await rest.repos.createCommitComment({
          ...names,
          commit_sha: sha,
          body,
        }),
      ),
    update,
    recover: ({ id, body }, sentence) =>
      update(id, withSentence(body, sentence)),
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
