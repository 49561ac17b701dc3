// SPDX-License-Identifier: Apache-2.0

// What Prometheus measures of the served model, Alertmanager sends and the portal explains.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  REPOSITORY,
  shiftRows,
  SHIFTED,
  waitForWords,
} from './ServedModel.mjs';

/** From the first sign to an incident with its report: scrapes, rules and the group's wait take their time. */
const TOLD = 6 * 60_000;
const CONTAINER = '/spec/predictor/containers/0';

/** @param {number} since */
const seconds = since => ((Date.now() - since) / 1000).toFixed(0);

/**
 * The title of an incident whose cause is proven, by the beginning of the alert's name: before there is a report it has none.
 *
 * @param {string} name
 */
const proven = name => new RegExp(`^${name}\\w*: (?!cause not proven)`);

/**
 * Registers the tests; they build upon each other.
 *
 * @param {{ skip: string | false, model: () => import('./ServedModel.mjs').ServedModel }} options
 * @returns {import('../lib/photograph.mjs').PortalPage[]} the pages of the incidents, once their tests have passed
 */
export function registerIncidentTests({ skip, model }) {
  const timeout = 10 * 60_000;
  /** @type {import('../lib/photograph.mjs').PortalPage[]} */
  const incidents = [];

  /**
   * Waits on the Triage tab for the incident of an alert, opens it, and waits for its report.
   *
   * @param {import('playwright-core').Page} page
   * @param {RegExp} title
   */
  async function openIncident(page, title) {
    await page
      .getByRole('link', { name: title })
      .first()
      .click({ timeout: TOLD });
    await page.getByRole('heading', { name: title }).first().waitFor();
    incidents.push({
      name: `incident-${incidents.length + 1}`,
      route: new URL(page.url()).pathname,
      text: title,
    });
  }

  test(
    'requests like the training rows are no drift',
    { skip, timeout },
    async () => {
      const { forge } = model();
      // Of a day in production: here nobody waits for that. Too long for the analysis that the portal starts when
      // an alert about drift fires to see drift twice, which would be P0 before its turn.
      await forge.post(`/repos/${REPOSITORY}/actions/variables`, {
        name: 'DRIFT_WINDOW',
        value: '5m',
      });
      const traffic = await model().sendTraffic(model().rows(), {
        rowsAtOnce: 89,
        everyMs: 4_000,
      });
      const page = await model().open('drift');
      while (traffic.answered < 1_500) {
        await page.waitForTimeout(1_000);
      }
      const run = await forge.runWorkflow(REPOSITORY, 'drift-analysis.yml');
      assert.equal(run.conclusion, 'success');
      await model().stopTraffic();
      await page.reload();
      // The page asks once a minute, and what was read a minute ago counts.
      await waitForWords(page, 'No drift', 150_000);
      await page.context().close();
    },
  );

  test(
    'a commit that makes answers slow is named by the incident of its latency',
    { skip, timeout: 20 * 60_000 },
    async t => {
      const rows = shiftRows(model().rows());
      const serving = await model().open('serving');
      const pushed = Date.now();
      const sha = model().forge.push(
        REPOSITORY,
        'Ask the feature store for each request',
        folder => {
          const [own] = fs.readdirSync(path.join(folder, 'src'));
          edit(path.join(folder, 'src', own, 'features.py'), [
            [
              'import pandas as pd',
              'import os\nimport time\n\nimport pandas as pd',
            ],
            [
              '    return frame\n',
              '    # KServe says it where the model serves; the pipeline does not notice.\n' +
                '    if os.environ.get("INFERENCE_SERVICE_NAME"):\n' +
                '        time.sleep(0.8)\n' +
                '    return frame\n',
            ],
          ]);
          // A training, if drift should want one.
          edit(path.join(folder, 'config.yaml'), [
            ['retrain: false', 'retrain: true'],
          ]);
        },
      );
      await waitForWords(serving, sha.slice(0, 7), 9 * 60_000);
      t.diagnostic(`commit to its version on the page: ${seconds(pushed)} s`);
      await serving.context().close();

      const slow = Date.now();
      await model().sendTraffic(rows, { rowsAtOnce: 89, everyMs: 1_000 });
      const page = await model().open('triage');
      await openIncident(page, proven('ModelLatency'));
      t.diagnostic(`slow requests to the incident: ${seconds(slow)} s`);
      await waitForWords(page, /changed model version 1 → 2/, 60_000);
      await waitForWords(page, sha.slice(0, 7), 10_000);
      await waitForWords(
        page,
        /Slow prediction of version 2: \d{3,4} ms/,
        10_000,
      );
      await page.context().close();
    },
  );

  test(
    'a crash loop is explained by its exception and the setting that was changed',
    { skip, timeout },
    async t => {
      const page = await model().open('triage');
      const pushed = Date.now();
      model().patchContainer('Allow requests of 16 MiB', [
        {
          op: 'add',
          path: `${CONTAINER}/env`,
          value: [{ name: 'MAX_REQUEST_BYTES', value: '16Mi' }],
        },
      ]);
      await openIncident(page, proven('ModelCrashLooping'));
      t.diagnostic(`commit to the incident: ${seconds(pushed)} s`);
      await waitForWords(
        page,
        "ValueError: invalid literal for int() with base 10: '16Mi'",
        60_000,
      );
      await waitForWords(page, /MAX_REQUEST_BYTES \(none\) → 16Mi/, 10_000);
      await page.context().close();
    },
  );

  test(
    'a container that was killed for memory is explained by its limit, and what was mended recovers',
    { skip, timeout: 20 * 60_000 },
    async t => {
      const page = await model().open('triage');
      const pushed = Date.now();
      model().patchContainer('Ask for less memory', [
        {
          op: 'replace',
          path: `${CONTAINER}/resources`,
          value: {
            requests: { cpu: '100m', memory: '128Mi' },
            limits: { cpu: '1', memory: '160Mi' },
          },
        },
      ]);
      await openIncident(page, proven('ModelOutOfMemory'));
      t.diagnostic(`commit to the incident: ${seconds(pushed)} s`);
      await waitForWords(page, /OOMKilled at the limit of 160 MiB/, 60_000);
      await waitForWords(page, /limits\.memory 2Gi → 160Mi/, 10_000);
      await waitForWords(page, /exitCode=137 reason=OOMKilled/, 10_000);

      const mended = Date.now();
      model().patchContainer('Take the limit back', []);
      await waitForWords(page, 'Recovered', TOLD);
      t.diagnostic(`mended to recovered: ${seconds(mended)} s`);
      /** @type {{ title: string }[]} */
      const closed = await model().forge.get(
        `/repos/${REPOSITORY}/issues?state=closed`,
      );
      assert.ok(
        closed.some(({ title }) => title.startsWith('ModelOutOfMemory')),
        'its issue is closed',
      );
      await page.context().close();
    },
  );

  test(
    'drift of the requests is found with the columns that moved, and P0 ends in a training',
    { skip, timeout: 20 * 60_000 },
    async t => {
      const { forge } = model();
      const trainings = await forge.get(
        `/repos/${REPOSITORY}/actions/workflows/retrain.yml/runs`,
      );
      assert.equal(trainings.total_count, 0, 'nothing was trained yet');
      await forge.patch(`/repos/${REPOSITORY}/actions/variables/DRIFT_WINDOW`, {
        name: 'DRIFT_WINDOW',
        value: '2m',
      });
      await model().waitUntilSettled(3 * 60_000);
      const analysed = Date.now();
      const run = await forge.runWorkflow(REPOSITORY, 'drift-analysis.yml');
      assert.equal(run.conclusion, 'success');
      const page = await model().open('drift');
      await waitForWords(page, /^P0/, 150_000);
      for (const name of SHIFTED) {
        await waitForWords(page, name, 10_000);
      }
      await waitForWords(page, '6 features are as in training', 10_000);

      const training = await forge.finishedRun(REPOSITORY, 'retrain.yml', 0, {
        timeoutMs: 9 * 60_000,
      });
      assert.equal(training.conclusion, 'success');
      t.diagnostic(
        `analysis to the end of the training: ${seconds(analysed)} s`,
      );
      const triage = await model().open('triage');
      await openIncident(triage, /^Drift P0 of wine-cultivar/);
      await waitForWords(triage, 'Retraining started', 60_000);
      await triage.context().close();
      await page.context().close();
      await model().stopTraffic();
    },
  );
  return incidents;
}

/** @param {string} file @param {[string, string][]} changes */
function edit(file, changes) {
  let text = fs.readFileSync(file, 'utf8');
  for (const [before, after] of changes) {
    assert.ok(text.includes(before), `${file} has ${before}`);
    text = text.replace(before, after);
  }
  fs.writeFileSync(file, text);
}
