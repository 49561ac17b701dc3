// SPDX-License-Identifier: Apache-2.0
import { Router, type Request } from 'express';
import type { Forge } from '../Forge';
import { log } from '../git/commits';
import { diffFiles, diffText } from '../git/diffs';
import { notFound } from '../http/errors';
import { readPage } from '../http/pagination';
import { numberParam, queryString, route } from '../http/route';
import { pullBase } from '../mergeability';
import type { Issue } from '../stores/IssueStore';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import { commitRows } from './commitPages';
import { renderDiff } from './diff';
import { html, type Html } from './html';
import { renderPage } from './layout';
import { renderMarkdown } from './markdown';
import { repositoryOf } from './repositoryOf';

/** Issues and pull requests, to read. */
export function issuePages(forge: Forge): Router {
  const router = Router();

  const stateOf = (issue: Issue): string =>
    issue.is_pull && forge.pulls.get(issue.id).merged_at
      ? 'merged'
      : issue.state;
  const labelsOf = (issue: Issue): Html[] =>
    forge.labels
      .listForIssue(issue.id)
      .map(({ name }) => html` <span class="pill">${name}</span>`);

  for (const kind of ['issues', 'pulls'] as const) {
    router.get(
      `/:owner/:repo/${kind}`,
      route((req, res) => {
        const repository = repositoryOf(forge, req);
        const base = `/${repository.fullName}`;
        const page = readPage(req);
        const state =
          queryString(req, 'state') === 'closed' ? 'closed' : 'open';
        const { items, total } = forge.issues.list(
          repository.id,
          { isPull: kind === 'pulls', state },
          page,
        );
        const title = kind === 'pulls' ? 'Pull requests' : 'Issues';
        renderPage(res, {
          title: `${title} of ${repository.fullName}`,
          repository,
          tab: kind,
          body: html`<h1>${title}</h1>
            <p>
              <a href="${base}/${kind}">Open</a> ·
              <a href="${base}/${kind}?state=closed">Closed</a>
            </p>
            <div class="box">
              ${items.length === 0 && html`<div class="row muted">None ${state}.</div>`}
              ${items.map(
                issue =>
                  html`<div class="row">
                    <span class="pill ${stateOf(issue)}"
                      >${stateOf(issue)}</span
                    >
                    <div class="grow">
                      <a
                        href="${base}/${issue.is_pull ? 'pull' : 'issues'}/${issue.number}"
                        ><strong>${issue.title}</strong></a
                      >${labelsOf(issue)}
                      <div class="muted">
                        #${issue.number} opened on
                        ${issue.created_at.slice(0, 10)} by ${issue.author}
                      </div>
                    </div>
                  </div>`,
              )}
            </div>
            <nav class="pager">
              ${
                page.number > 1 &&
                html`<a
                  href="${base}/${kind}?state=${state}&page=${page.number - 1}"
                  >Newer</a
                >`
              }
              ${
                page.offset + page.size < total &&
                html`<a
                  href="${base}/${kind}?state=${state}&page=${page.number + 1}"
                  >Older</a
                >`
              }
            </nav>`,
        });
      }),
    );
  }

  const find = (req: Request, isPull: boolean) => {
    const repository = repositoryOf(forge, req);
    const issue = forge.issues.find(
      repository.id,
      numberParam(req, 'number') ?? 0,
    );
    if (!issue || (isPull && !issue.is_pull)) {
      throw notFound();
    }
    return { repository, issue };
  };

  const conversation = (issue: Issue): Html => {
    const post = (author: string, at: string, body: string, id?: number) =>
      html`<div
        class="box"
        ${id === undefined ? '' : html`id="issuecomment-${id}"`}
      >
        <div class="head">
          <strong>${author}</strong><span class="muted">${at}</span>
        </div>
        <div class="body markdown">
          ${body ? renderMarkdown(body) : html`<span class="muted">No description.</span>`}
        </div>
      </div>`;
    return html`<h1>
        ${issue.title} <span class="muted">#${issue.number}</span>
        <span class="pill ${stateOf(issue)}">${stateOf(issue)}</span
        >${labelsOf(issue)}
      </h1>
      ${post(issue.author, issue.created_at, issue.body ?? '')}
      ${forge.issues
        .listComments(issue.id)
        .map(({ id, author, created_at: at, body }) =>
          post(author, at, body, id),
        )}`;
  };

  router.get(
    '/:owner/:repo/issues/:number(\\d+)',
    route((req, res) => {
      const { repository, issue } = find(req, false);
      if (issue.is_pull) {
        res.redirect(`/${repository.fullName}/pull/${issue.number}`);
        return;
      }
      renderPage(res, {
        title: `${issue.title} · #${issue.number}`,
        repository,
        tab: 'issues',
        body: conversation(issue),
      });
    }),
  );

  const pullRange = async (repository: RepositoryRecord, issue: Issue) => {
    const pull = forge.pulls.get(issue.id);
    return { pull, base: await pullBase(repository, pull) };
  };

  router.get(
    '/:owner/:repo/pull/:number(\\d+)',
    route(async (req, res) => {
      const { repository, issue } = find(req, true);
      const { pull, base } = await pullRange(repository, issue);
      const commits = await log(repository.gitDir, [pull.head_sha], {
        not: [base],
        oldestFirst: true,
      });
      const files = await diffFiles(repository.gitDir, base, pull.head_sha);
      renderPage(res, {
        title: `${issue.title} · #${issue.number}`,
        repository,
        tab: 'pulls',
        body: html`${conversation(issue)}
          <p>
            <strong>${issue.author}</strong> wants to merge ${commits.length}
            ${commits.length === 1 ? 'commit' : 'commits'} into
            <code>${pull.base_ref}</code> from
            <code>${pull.head_ref}</code>
          </p>
          <div class="box">${commitRows(forge, repository, commits)}</div>
          ${renderDiff(files)}`,
      });
    }),
  );

  router.get(
    '/:owner/:repo/pull/:number(\\d+).:format(diff|patch)',
    route(async (req, res) => {
      const { repository, issue } = find(req, true);
      const { pull, base } = await pullRange(repository, issue);
      const format = req.params.format === 'diff' ? 'diff' : 'patch';
      res
        .type('text/plain; charset=utf-8')
        .send(await diffText(repository.gitDir, base, pull.head_sha, format));
    }),
  );

  return router;
}
