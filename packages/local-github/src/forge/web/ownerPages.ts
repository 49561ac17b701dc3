// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { Router } from 'express';
import type { Forge } from '../Forge';
import { notFound } from '../http/errors';
import { route } from '../http/route';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import { isBot } from '../types';
import { html } from './html';
import { renderPage } from './layout';

function repositoryRows(repositories: RepositoryRecord[], showOwner: boolean) {
  if (repositories.length === 0) {
    return html`<div class="row muted">No repositories yet.</div>`;
  }
  return repositories.map(
    repository =>
      html`<div class="row">
        <div class="grow">
          <a href="/${repository.fullName}"
            ><strong
              >${showOwner ? repository.fullName : repository.name}</strong
            ></a
          >
          <div class="muted">${repository.description ?? ''}</div>
        </div>
        <span class="muted">${repository.pushedAt.slice(0, 10)}</span>
      </div>`,
  );
}

/** The start page, an owner's repositories, avatars. */
export function ownerPages(forge: Forge): Router {
  const router = Router();
  const listVisible = () =>
    forge.repositories
      .list()
      .filter(
        repository =>
          forge.access.level(forge.webViewer, repository) !== 'none',
      )
      .sort((a, b) => b.pushedAt.localeCompare(a.pushedAt));

  router.get(
    '/',
    route((_req, res) => {
      const organizations = forge.accounts.list('Organization');
      renderPage(res, {
        title: 'forge',
        body: html`<h1>Organizations</h1>
          <div class="box">
            ${organizations.map(
              ({ login }) =>
                html`<div class="row"><a href="/${login}">${login}</a></div>`,
            )}
          </div>
          <h1>Repositories</h1>
          <div class="box">${repositoryRows(listVisible(), true)}</div>`,
      });
    }),
  );

  router.get(
    '/avatars/:login',
    route((req, res) => {
      const { login } = req.params;
      if (!forge.accounts.find(login) && !isBot(login)) {
        throw notFound();
      }
      const digest = createHash('sha256').update(login.toLowerCase()).digest();
      const hue = Math.round((digest[0] / 255) * 360);
      const letter = login.charAt(0).toUpperCase();
      res.setHeader('Cache-Control', 'public, max-age=86400');
      res.type('image/svg+xml').send(
        html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">
          <rect width="40" height="40" fill="hsl(${hue} 45% 42%)" />
          <text
            x="20"
            y="27"
            font-family="sans-serif"
            font-size="20"
            text-anchor="middle"
            fill="#fff"
          >
            ${letter}
          </text>
        </svg>`.markup,
      );
    }),
  );

  router.get(
    '/:owner',
    route((req, res) => {
      const account = forge.accounts.find(req.params.owner);
      if (!account) {
        throw notFound();
      }
      const owned = listVisible().filter(
        ({ ownerId }) => ownerId === account.id,
      );
      renderPage(res, {
        title: account.login,
        body: html`<h1>
            ${account.login} <span class="pill">${account.type}</span>
          </h1>
          <div class="box">${repositoryRows(owned, false)}</div>`,
      });
    }),
  );

  return router;
}
