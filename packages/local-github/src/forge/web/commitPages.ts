// SPDX-License-Identifier: Apache-2.0
import { Router } from 'express';
import type { Forge } from '../Forge';
import { log, mergeBase, readCommit, type Commit } from '../git/commits';
import { diffFiles } from '../git/diffs';
import { isEmptyRepository, resolveCommit } from '../git/refs';
import { EMPTY_TREE } from '../git/trees';
import { notFound } from '../http/errors';
import { readPage } from '../http/pagination';
import { route } from '../http/route';
import { combinedState } from '../routes/statuses';
import { encodePath } from '../serialize/urls';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import { renderDiff } from './diff';
import { html } from './html';
import { renderPage } from './layout';
import { renderMarkdown } from './markdown';
import { repositoryOf, splitRefAndPath } from './repositoryOf';

/** Rows of a list of commits. */
export function commitRows(
  forge: Forge,
  repository: RepositoryRecord,
  commits: Commit[],
) {
  return commits.map(commit => {
    const statuses = forge.statuses.latest(repository.id, commit.sha);
    const state = combinedState(statuses);
    return html`<div class="row">
      <div class="grow">
        <a href="/${repository.fullName}/commit/${commit.sha}"
          ><strong>${commit.message.split('\n')[0]}</strong></a
        >
        <div class="muted">
          ${commit.author.name} committed on
          ${commit.committer.date.slice(0, 10)}
        </div>
      </div>
      ${statuses.length > 0 && html`<span class="pill ${state}">${state}</span>`}
      <span class="mono muted">${commit.sha.slice(0, 7)}</span>
    </div>`;
  });
}

/** History, a commit, a comparison. */
export function commitPages(forge: Forge): Router {
  const router = Router();

  router.get(
    ['/:owner/:repo/commits', '/:owner/:repo/commits/*'],
    route(async (req, res) => {
      const repository = repositoryOf(forge, req);
      const asked = req.params[0] || repository.defaultBranch;
      const isEmpty = await isEmptyRepository(repository.gitDir);
      const { ref, commit, path } = isEmpty
        ? { ref: asked, commit: '', path: '' }
        : await splitRefAndPath(repository, asked);
      const page = readPage(req);
      const commits = isEmpty
        ? []
        : await log(repository.gitDir, [commit], {
            path,
            skip: page.offset,
            limit: page.size + 1,
          });
      const base = `/${repository.fullName}/commits/${encodePath(ref)}${path ? `/${encodePath(path)}` : ''}`;
      renderPage(res, {
        title: `Commits of ${repository.fullName}`,
        repository,
        tab: 'commits',
        body: html`<h1>Commits <span class="pill">${ref}</span> ${path}</h1>
          <div class="box">
            ${
              commits.length === 0
                ? html`<div class="row muted">No commits.</div>`
                : commitRows(forge, repository, commits.slice(0, page.size))
            }
          </div>
          <nav class="pager">
            ${page.number > 1 && html`<a href="${base}?page=${page.number - 1}">Newer</a>`}
            ${commits.length > page.size && html`<a href="${base}?page=${page.number + 1}">Older</a>`}
          </nav>`,
      });
    }),
  );

  router.get(
    '/:owner/:repo/commit/:sha',
    route(async (req, res) => {
      const repository = repositoryOf(forge, req);
      const sha = await resolveCommit(repository.gitDir, req.params.sha);
      if (!sha) {
        throw notFound();
      }
      const commit = await readCommit(repository.gitDir, sha);
      const [headline, ...rest] = commit.message.split('\n');
      const statuses = forge.statuses.latest(repository.id, sha);
      const files = await diffFiles(
        repository.gitDir,
        commit.parents[0] ?? EMPTY_TREE,
        sha,
      );
      renderPage(res, {
        title: `${headline} · ${sha.slice(0, 7)}`,
        repository,
        tab: 'commits',
        body: html`<h1>${headline}</h1>
          <div class="box">
            <div class="head">
              <span
                ><strong>${commit.author.name}</strong> committed on
                ${commit.committer.date}</span
              >
              <a href="/${repository.fullName}/tree/${sha}">Browse files</a>
            </div>
            <div class="body">
              ${rest.length > 0 && html`<pre>${rest.join('\n').trim()}</pre>`}
              <p class="mono muted">
                commit ${sha}
                ${commit.parents.map(
                  parent =>
                    html`<br />parent
                      <a href="/${repository.fullName}/commit/${parent}"
                        >${parent}</a
                      >`,
                )}
              </p>
              ${statuses.map(
                status =>
                  html`<p>
                    <span class="pill ${status.state}">${status.state}</span>
                    ${
                      status.target_url
                        ? html`<a href="${status.target_url}"
                            >${status.context}</a
                          >`
                        : status.context
                    }
                    <span class="muted">${status.description ?? ''}</span>
                  </p>`,
              )}
            </div>
          </div>
          ${forge.commitComments.list(repository.id, sha).map(
            comment =>
              html`<div class="box" id="commitcomment-${comment.id}">
                <div class="head">
                  <strong>${comment.author}</strong
                  ><span class="muted">${comment.created_at}</span>
                </div>
                <div class="body markdown">${renderMarkdown(comment.body)}</div>
              </div>`,
          )}
          ${renderDiff(files)}`,
      });
    }),
  );

  router.get(
    '/:owner/:repo/compare/*',
    route(async (req, res) => {
      const repository = repositoryOf(forge, req);
      const [baseName, headName = ''] = req.params[0].split('...');
      const base = await resolveCommit(repository.gitDir, baseName);
      const head = await resolveCommit(repository.gitDir, headName);
      if (!base || !head) {
        throw notFound();
      }
      const common =
        (await mergeBase(repository.gitDir, base, head)) ?? EMPTY_TREE;
      const commits = await log(repository.gitDir, [head], {
        not: [base],
        limit: 250,
      });
      renderPage(res, {
        title: `Comparing ${baseName}...${headName}`,
        repository,
        tab: 'code',
        body: html`<h1>${baseName} … ${headName}</h1>
          <div class="box">
            ${
              commits.length === 0
                ? html`<div class="row muted">
                    Nothing to compare: ${headName} has no commits of its own.
                  </div>`
                : commitRows(forge, repository, commits)
            }
          </div>
          ${renderDiff(await diffFiles(repository.gitDir, common, head))}`,
      });
    }),
  );

  return router;
}
