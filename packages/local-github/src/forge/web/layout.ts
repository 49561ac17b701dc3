// SPDX-License-Identifier: Apache-2.0
import type { Response } from 'express';
import type { ForgeRepository } from '../types';
import { html, type Html } from './html';
import { STYLES } from './styles';

/** Tabs of a repository's pages. */
export type RepositoryTab = 'code' | 'issues' | 'pulls' | 'actions' | 'commits';

const TABS: { id: RepositoryTab; title: string; path: string }[] = [
  { id: 'code', title: 'Code', path: '' },
  { id: 'issues', title: 'Issues', path: '/issues' },
  { id: 'pulls', title: 'Pull requests', path: '/pulls' },
  { id: 'actions', title: 'Actions', path: '/actions' },
  { id: 'commits', title: 'Commits', path: '/commits' },
];

function repositoryHeader(repository: ForgeRepository, tab?: RepositoryTab) {
  const base = `/${repository.fullName}`;
  return html`<nav class="crumbs">
      <a href="/${repository.owner}">${repository.owner}</a> /
      <a href="${base}"><strong>${repository.name}</strong></a>
      <span class="pill">${repository.private ? 'Private' : 'Public'}</span>
    </nav>
    <nav class="tabs">
      ${TABS.map(
        ({ id, title, path }) =>
          html`<a
            href="${base}${path}"
            ${id === tab ? html`aria-current="page"` : ''}
            >${title}</a
          >`,
      )}
    </nav>`;
}

/**
 * A whole page in forge's frame. Pages hold no script and load nothing from elsewhere, and say so in their
 * Content-Security-Policy.
 *
 * @param options - `repository` and `tab` give the page a repository's heading
 */
export function renderPage(
  res: Response,
  options: {
    title: string;
    body: Html;
    repository?: ForgeRepository;
    tab?: RepositoryTab;
    /** 200 unless told. */
    status?: number;
  },
): void {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${options.title}</title>
        <style>
          ${STYLES}
        </style>
      </head>
      <body>
        <header class="top">
          <a href="/">forge</a><span>local git host of this Greenroom</span>
        </header>
        <main>
          ${options.repository ? repositoryHeader(options.repository, options.tab) : ''}
          ${options.body}
        </main>
      </body>
    </html>`;
  res
    .status(options.status ?? 200)
    .setHeader(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    )
    .setHeader('X-Content-Type-Options', 'nosniff')
    .setHeader('Referrer-Policy', 'no-referrer')
    .type('html')
    .send(page.markup);
}
