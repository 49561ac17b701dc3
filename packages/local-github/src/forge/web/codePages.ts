// SPDX-License-Identifier: Apache-2.0
import { Router } from 'express';
import type { Forge } from '../Forge';
import { log } from '../git/commits';
import { listRefs, resolveCommit } from '../git/refs';
import { findEntry, listTree, readBlob, type TreeEntry } from '../git/trees';
import { notFound } from '../http/errors';
import { route } from '../http/route';
import { encodePath } from '../serialize/urls';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import { html, type Html } from './html';
import { renderPage } from './layout';
import { renderMarkdown } from './markdown';
import { repositoryOf, splitRefAndPath } from './repositoryOf';

// A browser shows no more of a file well.
const MAX_SHOWN = 512 * 1024;

function breadcrumbs(repository: RepositoryRecord, ref: string, path: string) {
  const base = `/${repository.fullName}/tree/${encodePath(ref)}`;
  const parts = path.split('/').filter(Boolean);
  return html`<span class="pill">${ref}</span>
    <a href="${base}">${repository.name}</a>${parts.map((part, index) => {
      const target = encodePath(parts.slice(0, index + 1).join('/'));
      return index === parts.length - 1
        ? html` / <strong>${part}</strong>`
        : html` / <a href="${base}/${target}">${part}</a>`;
    })}`;
}

function icon(isFolder: boolean): Html {
  const path = isFolder
    ? 'M1.75 2h4.1l1.5 1.75h6.9c.4 0 .75.35.75.75v8.75c0 .4-.35.75-.75.75H1.75A.75.75 0 0 1 1 13.25V2.75C1 2.35 1.35 2 1.75 2Z'
    : 'M3 1.5h6.5L13 5v9.5H3v-13Zm1.25 1.25v10.5h7.5V5.75H8.75V2.75h-4.5Z';
  return html`<svg
    class="icon ${isFolder ? 'folder' : ''}"
    viewBox="0 0 16 16"
    aria-hidden="true"
  >
    <path fill-rule="evenodd" d="${path}" />
  </svg>`;
}

async function fileList(
  repository: RepositoryRecord,
  ref: string,
  commit: string,
  path: string,
  entries: TreeEntry[],
): Promise<Html> {
  const [last] = await log(repository.gitDir, [commit], { limit: 1, path });
  const sorted = [...entries].sort(
    (a, b) =>
      Number(b.type === 'tree') - Number(a.type === 'tree') ||
      a.path.localeCompare(b.path),
  );
  return html`<div class="box">
    ${
      last &&
      html`<div class="head">
        <span
          ><strong>${last.author.name}</strong>
          <a href="/${repository.fullName}/commit/${last.sha}"
            >${last.message.split('\n')[0]}</a
          ></span
        >
        <span class="mono muted">${last.sha.slice(0, 7)}</span>
      </div>`
    }
    ${sorted.map(entry => {
      const kind = entry.type === 'tree' ? 'tree' : 'blob';
      const target = encodePath(path ? `${path}/${entry.path}` : entry.path);
      return html`<div class="row">
        ${icon(entry.type === 'tree')}
        <a
          class="grow"
          href="/${repository.fullName}/${kind}/${encodePath(ref)}/${target}"
          >${entry.path}</a
        >
      </div>`;
    })}
  </div>`;
}

async function readme(
  repository: RepositoryRecord,
  entries: TreeEntry[],
): Promise<Html | undefined> {
  const entry = entries.find(
    ({ path, type }) =>
      type === 'blob' && /^readme(\.(md|txt|rst))?$/i.test(path),
  );
  if (!entry || (entry.size ?? 0) > MAX_SHOWN) {
    return undefined;
  }
  const text = (await readBlob(repository.gitDir, entry.sha)).toString('utf8');
  return html`<div class="box">
    <div class="head"><strong>${entry.path}</strong></div>
    <div class="body markdown">
      ${/\.md$/i.test(entry.path) ? renderMarkdown(text) : html`<pre>${text}</pre>`}
    </div>
  </div>`;
}

function emptyRepositoryBody(forge: Forge, repository: RepositoryRecord): Html {
  return html`<h1>This repository is empty</h1>
    <p class="muted">Push a first commit:</p>
    <pre>
git remote add origin ${forge.urls.web}/${repository.fullName}.git
git push -u origin ${repository.defaultBranch}</pre>`;
}

/** A repository's files: its start page, folders, files. */
export function codePages(forge: Forge): Router {
  const router = Router();

  router.get(
    '/:owner/:repo',
    route(async (req, res) => {
      const repository = repositoryOf(forge, req);
      const ref = repository.defaultBranch;
      const commit = await resolveCommit(repository.gitDir, ref);
      const entries = commit ? await listTree(repository.gitDir, commit) : [];
      const branches = await listRefs(repository.gitDir, 'refs/heads');
      renderPage(res, {
        title: repository.fullName,
        repository,
        tab: 'code',
        body: commit
          ? html`<p>${repository.description ?? ''}</p>
              <p>
                ${repository.topics.map(topic => html`<span class="pill">${topic}</span> `)}
              </p>
              <div class="clone">
                <span class="pill">${ref}</span>
                <span class="muted"
                  >${branches.length}
                  ${branches.length === 1 ? 'branch' : 'branches'}</span
                >
                <code>${forge.urls.web}/${repository.fullName}.git</code>
              </div>
              ${await fileList(repository, ref, commit, '', entries)}
              ${await readme(repository, entries)}`
          : emptyRepositoryBody(forge, repository),
      });
    }),
  );

  router.get(
    '/:owner/:repo/tree/*',
    route(async (req, res) => {
      const repository = repositoryOf(forge, req);
      const { ref, commit, path } = await splitRefAndPath(
        repository,
        req.params[0],
      );
      const entry = await findEntry(repository.gitDir, commit, path);
      if (entry?.type === 'blob') {
        res.redirect(
          `/${repository.fullName}/blob/${encodePath(ref)}/${encodePath(path)}`,
        );
        return;
      }
      if (entry?.type !== 'tree') {
        throw notFound();
      }
      const entries = await listTree(repository.gitDir, entry.sha);
      renderPage(res, {
        title: `${path || repository.name} at ${ref}`,
        repository,
        tab: 'code',
        body: html`<p>${breadcrumbs(repository, ref, path)}</p>
          ${await fileList(repository, ref, commit, path, entries)}
          ${await readme(repository, entries)}`,
      });
    }),
  );

  router.get(
    '/:owner/:repo/blob/*',
    route(async (req, res) => {
      const repository = repositoryOf(forge, req);
      const { ref, commit, path } = await splitRefAndPath(
        repository,
        req.params[0],
      );
      const entry = await findEntry(repository.gitDir, commit, path);
      if (entry?.type === 'tree') {
        res.redirect(
          `/${repository.fullName}/tree/${encodePath(ref)}/${encodePath(path)}`,
        );
        return;
      }
      if (entry?.type !== 'blob') {
        throw notFound();
      }
      const raw = `/${repository.fullName}/raw/${encodePath(ref)}/${encodePath(path)}`;
      const content = await readBlob(repository.gitDir, entry.sha);
      const isText =
        content.length <= MAX_SHOWN && !content.subarray(0, 8000).includes(0);
      const lines = content.toString('utf8').replace(/\n$/, '').split('\n');
      renderPage(res, {
        title: `${path} at ${ref}`,
        repository,
        tab: 'code',
        body: html`<p>${breadcrumbs(repository, ref, path)}</p>
          <div class="box">
            <div class="head">
              <span class="muted"
                >${isText ? `${lines.length} lines, ` : ''}${content.length}
                bytes</span
              >
              <a href="${raw}">Raw</a>
            </div>
            ${
              isText
                ? html`<div class="scroll">
                    <table class="code">
                      ${lines.map(
                        (line, index) =>
                          html`<tr id="L${index + 1}">
                            <td class="num">
                              <a href="#L${index + 1}">${index + 1}</a>
                            </td>
                            <td>${line}</td>
                          </tr>`,
                      )}
                    </table>
                  </div>`
                : html`<div class="body muted">
                    Binary or large file, not shown.
                  </div>`
            }
          </div>`,
      });
    }),
  );

  return router;
}
