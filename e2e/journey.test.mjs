// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { findBrowser, startBrowser } from './lib/browser.mjs';
import { connectForge } from './lib/forge.mjs';
import { ODD_PAGES, fillOddMlflow } from './lib/oddMlflow.mjs';
import { root, startPortal } from './lib/portal.mjs';
import { photograph } from './lib/photograph.mjs';
import { tagsOf } from './lib/tagsOf.mjs';
import { createModel, learnAgain, learnLess, signIn } from './lib/steps.mjs';

const executablePath = findBrowser();
const skip = executablePath ? false : 'no Chrome or Chromium is installed';
const MODEL = 'churn-risk';
const REPOSITORY = `greenroom-demo/${MODEL}`;

const screenshots = path.join(root, 'artifacts', 'screenshots');
/** @type {import('./lib/portal.mjs').Portal} */
let portal;
/** @type {import('./lib/browser.mjs').Browser} */
let browser;
/** @type {import('./lib/forge.mjs').Forge} */
let forge;

before(
  async () => {
    if (skip) {
      return;
    }
    fs.rmSync(screenshots, { recursive: true, force: true });
    fs.mkdirSync(screenshots, { recursive: true });
    portal = await startPortal();
    forge = connectForge(portal);
    browser = await startBrowser(executablePath);
  },
  { timeout: 20 * 60_000 },
);

after(
  async () => {
    await browser?.close();
    await portal?.remove();
  },
  { timeout: 60_000 },
);

/** @param {import('playwright-core').Locator} locator @param {number} timeout */
const isShownWithin = (locator, timeout) =>
  locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );

/**
 * The end of the logs of the jobs that failed.
 *
 * @param {Awaited<ReturnType<import('./lib/forge.mjs').Forge['completedRun']>>} completed
 */
const explainFailure = ({ jobs, logs }) =>
  jobs
    .filter(({ conclusion }) => conclusion === 'failure')
    .map(({ name }) => `${name}:\n${logs[name]?.slice(-1_500)}`)
    .join('\n');

/**
 * Asks until there is something, for a minute.
 *
 * @template T
 * @param {() => Promise<T[]>} ask
 */
async function eventually(ask) {
  for (let second = 0; second < 60; second++) {
    const found = await ask();
    if (found.length > 0) {
      return found;
    }
    await new Promise(resolve => setTimeout(resolve, 1_000));
  }
  throw new Error('Nothing came within a minute');
}

test(
  'the demo model is on the home page and on its own page',
  { skip },
  async () => {
    const page = await browser.newPage();
    await signIn(page, portal.url);
    await page
      .getByRole('link', { name: /wine-cultivar/ })
      .first()
      .waitFor();
    await page.goto(
      `${portal.url}/catalog/default/component/wine-cultivar/training`,
    );
    await page
      .getByRole('link', { name: /\bv1\b/ })
      .first()
      .waitFor();
    await page.getByText('champion').first().waitFor();
    await page.context().close();
  },
);

test(
  'Create makes a repository whose green run puts a version on the page',
  { skip, timeout: 480_000 },
  async t => {
    const page = await browser.newPage();
    await signIn(page, portal.url);
    const created = await createModel(page, portal.url, MODEL);

    await page
      .getByRole('link', { name: 'Open the model in the catalog' })
      .click();
    await page.getByRole('link', { name: 'Training', exact: true }).click();
    await page
      .getByRole('link', { name: /\bv1\b/ })
      .first()
      .waitFor({ timeout: 300_000 });
    await page.getByText('champion').first().waitFor({ timeout: 60_000 });
    t.diagnostic(
      `Create to version on the page: ${((Date.now() - created) / 1000).toFixed(0)} s`,
    );

    const runs = await forge.runsOfCI(REPOSITORY);
    assert.equal(runs.length, 1);
    // The version is there before the stages that deliver it.
    const completed = await forge.completedRun(REPOSITORY, runs[0].head_sha);
    const { run } = completed;
    assert.equal(run.conclusion, 'success', explainFailure(completed));

    const version = await (
      await fetch(
        `${portal.mlflowUrl}/api/2.0/mlflow/model-versions/get?name=${MODEL}&version=1`,
      )
    ).json();
    const tags = tagsOf(version.model_version);
    assert.equal(tags['greenroom.git.sha'], run.head_sha);
    assert.equal(tags['greenroom.ci.run_url'], run.html_url);
    assert.ok(tags['greenroom.template.version']);
    await page.context().close();
  },
);

test('Search finds the model', { skip }, async () => {
  const page = await browser.newPage();
  await signIn(page, portal.url);
  for (let attempt = 0; ; attempt++) {
    await page.goto(`${portal.url}/search?query=wine-cultivar`);
    const link = page.getByRole('link', { name: /wine-cultivar/ }).first();
    if (await isShownWithin(link, 10_000)) {
      break;
    }
    assert.ok(attempt < 12, 'the search index has no wine-cultivar');
  }
  await page.context().close();
});

test(
  'a commit that breaks a test fails the run, with logs as GitHub writes them',
  { skip, timeout: 240_000 },
  async () => {
    const sha = forge.push(REPOSITORY, 'Break a test', folder => {
      fs.writeFileSync(
        path.join(folder, 'tests', 'test_broken.py'),
        'def test_arithmetic() -> None:\n    assert 1 + 1 == 3\n',
      );
    });
    const { run, jobs, logs } = await forge.completedRun(REPOSITORY, sha);
    assert.equal(run.conclusion, 'failure');
    const failed = jobs.filter(job => job.conclusion === 'failure');
    const log = logs[failed[0].name];
    for (const line of log.trimEnd().split('\n')) {
      assert.match(line, /^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z /);
    }
    assert.match(log, /##\[group\]Run make /);
    assert.match(log, /FAILED tests\/test_broken\.py::test_arithmetic/);
    assert.match(log, /##\[error\]Process completed with exit code 2\./);
  },
);

/** An issue or comment of triage's. @typedef {{ body: string, title: string, state: string }} Posted */

test(
  'the report of the failure is on the page, its proof opens the log, and forge has the comment and the issue',
  { skip, timeout: 240_000 },
  async t => {
    const [{ head_sha: sha, updated_at: failedAt }] =
      await forge.runsOfCI(REPOSITORY);
    const page = await browser.newPage();
    await signIn(page, portal.url);
    await page.goto(`${portal.url}/catalog/default/component/${MODEL}/triage`);
    const incident = page
      .getByRole('link', { name: /branch main, run/ })
      .first();
    await incident.waitFor({ timeout: 90_000 });
    await incident.click();
    const proof = page.getByRole('link', { name: /^line \d+ of / }).first();
    await proof.waitFor({ timeout: 90_000 });
    t.diagnostic(
      `run failed to report on the page: at most ${((Date.now() - Date.parse(failedAt)) / 1000).toFixed(0)} s`,
    );
    await page.getByText('test_arithmetic').first().waitFor();
    const address = await proof.getAttribute('href');
    assert.match(`${address}`, /\?log=.+#L\d+$/);
    await proof.click();
    await page.waitForURL(/#L\d+$/);
    await page
      .locator('[data-line]:has([aria-current="location"])')
      .getByText(/test_arithmetic|1 \+ 1\)? == 3/)
      .waitFor();
    await page.context().close();

    /** @type {Posted[]} */
    const comments = await eventually(() =>
      forge.get(`/repos/${REPOSITORY}/commits/${sha}/comments`),
    );
    assert.match(comments[0].body, /test_arithmetic/);
    /** @type {Posted[]} */
    const issues = await eventually(() =>
      forge.get(`/repos/${REPOSITORY}/issues?state=open`),
    );
    assert.match(issues[0].body, /test_arithmetic/);
  },
);

test(
  'a commit that lowers quality below the gate fails there, and names the champion',
  { skip, timeout: 240_000 },
  async () => {
    const sha = forge.push(REPOSITORY, 'Learn less', folder => {
      fs.rmSync(path.join(folder, 'tests', 'test_broken.py'));
      learnLess(folder);
    });
    const { run, jobs, logs } = await forge.completedRun(REPOSITORY, sha);
    assert.equal(run.conclusion, 'failure');
    assert.equal(
      jobs.find(job => job.conclusion === 'failure' && /gate/i.test(job.name))
        ?.conclusion,
      'failure',
      JSON.stringify(jobs.map(job => [job.name, job.conclusion])),
    );
    const log = Object.values(logs).join('\n');
    assert.match(log, /Gate FAILED: accuracy 0\.\d+ < 0\.9/);
    assert.match(log, /champion churn-risk v1/);

    const page = await browser.newPage();
    await signIn(page, portal.url);
    await page.goto(
      `${portal.url}/catalog/default/component/${MODEL}/training`,
    );
    await page
      .getByText(/0\.\d+ < 0\.9/)
      .first()
      .waitFor();
    await page.context().close();
  },
);

test(
  'a green run closes what the failures opened',
  { skip, timeout: 300_000 },
  async t => {
    const sha = forge.push(REPOSITORY, 'Learn as before', learnAgain);
    const completed = await forge.completedRun(REPOSITORY, sha, {
      timeoutMs: 240_000,
    });
    const { run } = completed;
    assert.equal(run.conclusion, 'success', explainFailure(completed));
    const page = await browser.newPage();
    await signIn(page, portal.url);
    await page.goto(
      `${portal.url}/catalog/default/component/${MODEL}/triage?state=recovered`,
    );
    await page
      .getByRole('link', { name: /branch main, run/ })
      .nth(1)
      .waitFor({ timeout: 60_000 });
    t.diagnostic(
      `green run to recovered on the page: at most ${((Date.now() - Date.parse(run.updated_at)) / 1000).toFixed(0)} s`,
    );
    await page.context().close();
    const closed = await eventually(async () => {
      /** @type {Posted[]} */
      const open = await forge.get(`/repos/${REPOSITORY}/issues?state=open`);
      return open.length === 0 ? [true] : [];
    });
    assert.deepEqual(closed, [true]);
  },
);

test('the pages as people see them', { skip, timeout: 300_000 }, async () => {
  const model = `/catalog/default/component/${MODEL}`;
  const recovered = `${model}/triage?state=recovered`;
  const page = await browser.newPage();
  await signIn(page, portal.url);
  await page.goto(`${portal.url}${recovered}`);
  const report = await page
    .getByRole('link', { name: /branch main, run/ })
    .first()
    .getAttribute('href');
  await page.context().close();
  await photograph({
    browser,
    url: portal.url,
    folder: screenshots,
    pages: [
      { name: 'home', route: '/', text: MODEL },
      { name: 'overview', route: model, text: 'champion' },
      { name: 'training', route: `${model}/training`, text: 'champion' },
      { name: 'triage', route: recovered, text: 'below the quality gate' },
      { name: 'report', route: `${report}`, text: 'What to do' },
      { name: 'inbox', route: '/inbox/attention', text: 'wine-cultivar' },
      { name: 'incidents', route: '/inbox/incidents', text: 'wine-cultivar' },
      { name: 'statistics', route: '/inbox/statistics', text: 'Useful' },
      {
        name: 'create',
        route: '/create/templates/default/model-service',
        text: 'Component',
        isForeign: true,
      },
      {
        // Our own documentation, built at the first visit.
        name: 'docs',
        route: '/catalog/default/component/greenroom/docs',
        text: 'whom it serves',
        isForeign: true,
      },
    ],
  });
});

test(
  'the pages over an MLflow that no template of ours made can be read',
  { skip, timeout: 600_000 },
  async () => {
    await fillOddMlflow({ forge, portal });
    // Each page once in each theme and size; both at once would add minutes.
    for (const [theme, size] of /** @type {const} */ ([
      ['light', 'narrow'],
      ['dark', 'wide'],
    ])) {
      await photograph({
        browser,
        url: portal.url,
        folder: screenshots,
        themes: [theme],
        sizes: [size],
        pages: [
          { name: 'odd-home', route: '/', text: 'No champion: 20 models' },
          ...ODD_PAGES,
        ],
      });
    }
  },
);

test(
  'with MLflow stopped the page stays, names it and offers to retry; then it recovers',
  { skip, timeout: 240_000 },
  async () => {
    const page = await browser.newPage();
    await signIn(page, portal.url);
    const route = `${portal.url}/catalog/default/component/${MODEL}/training`;
    await page.goto(route);
    await page.getByText('champion').first().waitFor();

    /** @type {{ pid: number }[]} */
    const family = JSON.parse(
      fs.readFileSync(path.join(portal.stateDir, 'run', 'mlflow.json'), 'utf8'),
    );
    const signalAll = (/** @type {NodeJS.Signals} */ signal) =>
      family.forEach(({ pid }) => process.kill(pid, signal));
    signalAll('SIGSTOP');
    try {
      const notice = page.getByText(/MLflow .*local.* does not answer/).first();
      for (let reload = 0; reload < 6; reload++) {
        await page.reload();
        if (await isShownWithin(notice, 10_000)) {
          break;
        }
      }
      await notice.waitFor({ timeout: 1000 });
      await page.getByText('champion').first().waitFor();
      await page.getByRole('button', { name: 'Retry' }).first().waitFor();
      await page.screenshot({
        path: path.join(screenshots, 'training-mlflow-stopped.png'),
        fullPage: true,
      });
    } finally {
      signalAll('SIGCONT');
    }
    await page.getByRole('button', { name: 'Retry' }).first().click();
    await page
      .getByText(/does not answer/)
      .first()
      .waitFor({ state: 'detached', timeout: 90_000 });
    await page.getByText('champion').first().waitFor();
    await page.context().close();
  },
);
