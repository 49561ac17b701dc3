// SPDX-License-Identifier: Apache-2.0
import { Router, type ErrorRequestHandler } from 'express';
import type { Forge } from '../Forge';
import { ApiError, notFound } from '../http/errors';
import { codePages } from './codePages';
import { commitPages } from './commitPages';
import { html } from './html';
import { issuePages } from './issuePages';
import { renderPage } from './layout';
import { ownerPages } from './ownerPages';
import { rawFiles } from './rawFiles';

function errorPage(forge: Forge): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    let status = 500;
    if (error instanceof ApiError) {
      status = error.status;
    } else if (error instanceof URIError) {
      status = 400;
    }
    if (status === 500) {
      forge.logger.error(
        `${req.method} ${req.path}: ${error instanceof Error ? error.stack : error}`,
      );
    }
    const message =
      status === 404
        ? 'There is nothing at this address.'
        : 'Something went wrong.';
    renderPage(res, {
      status,
      title: status === 404 ? 'Not found' : 'Error',
      body: html`<h1>${status}</h1>
        <p>${message} <a href="/">Back to the start</a></p>`,
    });
  };
}

/** Pages for the links that a portal shows. */
export function webRoutes(forge: Forge): Router {
  const router = Router();
  for (const create of [
    rawFiles,
    ownerPages,
    codePages,
    commitPages,
    issuePages,
  ]) {
    router.use(create(forge));
  }
  router.use((req, _res, next) => {
    forge.logger.warn(`No such page: ${req.method} ${req.path}`);
    next(notFound());
  });
  router.use(errorPage(forge));
  return router;
}
