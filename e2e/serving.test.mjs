// SPDX-License-Identifier: Apache-2.0

// From a commit to an answering model on this machine, as people see it: the real Kubernetes API
// server, KServe, Argo CD and Traefik, with pods as processes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findBrowser, startBrowser } from './lib/browser.mjs';
import { connectForge } from './lib/forge.mjs';
import { photograph } from './lib/photograph.mjs';
import { root, startPortal } from './lib/portal.mjs';
import { signIn } from './lib/steps.mjs';

const executablePath = findBrowser();
const skip = executablePath ? false : 'no Chrome or Chromium is installed';
const MODEL = 'wine-cultivar';
const REPOSITORY = `greenroom-demo/${MODEL}`;
const ROUTE = `/catalog/default/component/${MODEL}/serving`;

const screenshots = path.join(root, 'artifacts', 'screenshots');

/** @type {import('./lib/portal.mjs').Portal} */
let portal;
/** @type {import('./lib/browser.mjs').Browser} */
let browser;

before(
  async () => {
    if (skip) {
      return;
    }
    fs.mkdirSync(screenshots, { recursive: true });
    // A cluster that was never built here takes ten minutes of two processors.
    portal = await startPortal({ cluster: true, timeoutMs: 50 * 60_000 });
    browser = await startBrowser(executablePath);
  },
  { timeout: 55 * 60_000 },
);

after(
  async () => {
    await browser?.close();
    await portal?.remove();
  },
  { timeout: 120_000 },
);

async function openServing() {
  const page = await browser.newPage();
  await signIn(page, portal.url);
  await page.goto(`${portal.url}${ROUTE}`);
  return page;
}

/** @param {import('playwright-core').Page} page @param {string | RegExp} words @param {number} timeout */
const waitForWords = (page, words, timeout) =>
  page.getByText(words).first().waitFor({ timeout });

/** The process of the model's container that runs now, by the records of the kubelet. */
function findModelProcess() {
  const pods = path.join(portal.stateDir, 'cluster', 'kubelet', 'pods');
  const records = fs
    .readdirSync(pods, { recursive: true, encoding: 'utf8' })
    .filter(file => /kserve-container\/(?:.*\/)?record\.json$/.test(file))
    .map(file => JSON.parse(fs.readFileSync(path.join(pods, file), 'utf8')));
  const running = records.filter(
    ({ process, terminated }) => process && !terminated,
  );
  assert.equal(running.length, 1, 'one model runs');
  return running[0].process.pid;
}

test(
  'without a key press the demo model is served, and its page says so',
  { skip, timeout: 120_000 },
  async t => {
    t.diagnostic(
      `npm start to a served model: ${(portal.readyAfterMs / 1000).toFixed(0)} s`,
    );
    const page = await openServing();
    await waitForWords(page, 'Ready', 60_000);
    await waitForWords(page, /\bv?1\b/, 10_000);
    await page.goto(portal.url);
    await page.getByRole('link', { name: MODEL }).first().waitFor();
    await page.context().close();
  },
);

test(
  'Try it returns a prediction of the version that serves',
  { skip, timeout: 120_000 },
  async () => {
    const page = await openServing();
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
    const page = await openServing();
    await waitForWords(page, 'Ready', 60_000);
    const killed = Date.now();
    process.kill(findModelProcess(), 'SIGKILL');
    await waitForWords(page, /exit code 137|killed/i, 60_000);
    t.diagnostic(
      `kill -9 to the reason on the page: ${((Date.now() - killed) / 1000).toFixed(1)} s`,
    );
    await waitForWords(page, 'Ready', 120_000);
    await page.context().close();
  },
);

test('a new commit goes live', { skip, timeout: 10 * 60_000 }, async t => {
  const page = await openServing();
  const forge = connectForge(portal);
  const pushed = Date.now();
  // Of the model's own code: what cannot change the model makes no version.
  const sha = forge.push(REPOSITORY, 'Say it in other words', folder => {
    const [own] = fs.readdirSync(path.join(folder, 'src'));
    fs.appendFileSync(
      path.join(folder, 'src', own, 'features.py'),
      '# More words.\n',
    );
  });
  await waitForWords(page, sha.slice(0, 7), 9 * 60_000);
  t.diagnostic(
    `commit to its version on the page: ${((Date.now() - pushed) / 1000).toFixed(0)} s`,
  );
  await page.context().close();
});

test(
  'the pages of what is served can be read',
  { skip, timeout: 180_000 },
  () =>
    photograph({
      browser,
      url: portal.url,
      folder: screenshots,
      pages: [
        { name: 'serving', route: ROUTE, text: 'Ready' },
        { name: 'home-production', route: '/', text: 'In production' },
      ],
    }),
);
