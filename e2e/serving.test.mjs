// SPDX-License-Identifier: Apache-2.0

// From a commit to an answering model on this machine, as people see it: the real Kubernetes API
// server, KServe, Argo CD and Traefik, with pods as processes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findBrowser, startBrowser } from './lib/browser.mjs';
import { photograph } from './lib/photograph.mjs';
import { root, startPortal } from './lib/portal.mjs';
import { registerIncidentTests } from './serving/incidentTests.mjs';
import { MODEL, ServedModel, waitForWords } from './serving/ServedModel.mjs';

const executablePath = findBrowser();
const skip = executablePath ? false : 'no Chrome or Chromium is installed';
const ROUTE = `/catalog/default/component/${MODEL}/serving`;

const screenshots = path.join(root, 'artifacts', 'screenshots');

/** @type {import('./lib/portal.mjs').Portal} */
let portal;
/** @type {import('./lib/browser.mjs').Browser} */
let browser;
/** @type {ServedModel} */
let model;

before(
  async () => {
    if (skip) {
      return;
    }
    fs.mkdirSync(screenshots, { recursive: true });
    // A cluster that was never built here takes ten minutes of two processors.
    portal = await startPortal({ cluster: true, timeoutMs: 50 * 60_000 });
    browser = await startBrowser(executablePath);
    model = new ServedModel(portal, browser);
  },
  { timeout: 55 * 60_000 },
);

after(
  async () => {
    await model?.stopTraffic();
    await browser?.close();
    await portal?.remove();
  },
  { timeout: 120_000 },
);

test(
  'without a key press the demo model is served, and its page says so',
  { skip, timeout: 120_000 },
  async t => {
    t.diagnostic(
      `npm start to a served model: ${(portal.readyAfterMs / 1000).toFixed(0)} s`,
    );
    const page = await model.open('serving');
    await waitForWords(page, 'Ready', 60_000);
    await waitForWords(page, /\bv?1\b/, 10_000);
    await page.goto(portal.url);
    await page.getByRole('link', { name: MODEL }).first().waitFor({
      timeout: 60_000,
    });
    await page.context().close();
  },
);

test(
  'Try it returns a prediction of the version that serves',
  { skip, timeout: 120_000 },
  async () => {
    const page = await model.open('serving');
    await page.getByRole('button', { name: 'Make a request' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await waitForWords(page, 'Status 200', 60_000);
    await waitForWords(page, /predictions|outputs/, 10_000);
    await page.context().close();
  },
);

test(
  'a model that is killed is explained with what proves it, and comes back',
  { skip, timeout: 240_000 },
  async t => {
    const page = await model.open('serving');
    await waitForWords(page, 'Ready', 60_000);
    const killed = Date.now();
    const running = model.processes();
    assert.equal(running.length, 1, 'one model runs');
    process.kill(running[0].pid, 'SIGKILL');
    await waitForWords(page, /exit code 137|killed/i, 60_000);
    t.diagnostic(
      `kill -9 to the reason on the page: ${((Date.now() - killed) / 1000).toFixed(1)} s`,
    );
    await waitForWords(page, 'Ready', 120_000);
    await page.context().close();
  },
);

const incidents = registerIncidentTests({ skip, model: () => model });

test(
  'the pages of what is served can be read',
  { skip, timeout: 300_000 },
  () =>
    photograph({
      browser,
      url: portal.url,
      folder: screenshots,
      pages: [
        { name: 'serving', route: ROUTE, text: 'Ready' },
        {
          name: 'drift',
          route: `/catalog/default/component/${MODEL}/drift`,
          text: 'Features',
        },
        {
          name: 'triage',
          route: `/catalog/default/component/${MODEL}/triage`,
          text: 'ModelOutOfMemory',
        },
        ...incidents,
        { name: 'home-production', route: '/', text: 'In production' },
      ],
    }),
);
