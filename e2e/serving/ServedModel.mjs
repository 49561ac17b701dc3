// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectForge } from '../lib/forge.mjs';
import {
  findModelProcesses,
  ModelTraffic,
  readWines,
} from './modelTraffic.mjs';
import { signIn } from '../lib/steps.mjs';
import { readApplication } from './readApplication.mjs';

export const MODEL = 'wine-cultivar';
export const REPOSITORY = `greenroom-demo/${MODEL}`;
const MANIFESTS = 'greenroom-demo/infra-manifests';
const OVERLAY = `models/${MODEL}/overlays/dev/kustomization.yaml`;

/** Columns whose values are moved: seven of thirteen, so that it is P0. */
export const SHIFTED = [
  'alcohol',
  'magnesium',
  'total_phenols',
  'flavanoids',
  'color_intensity',
  'hue',
  'proline',
];
const SIGMAS = 1.5;

/** @typedef {import('./modelTraffic.mjs').Row} Row */

/** @param {number[]} values */
function deviation(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / values.length);
}

/** @param {Row[]} rows @returns {Row[]} */
export function shiftRows(rows) {
  const by = Object.fromEntries(
    SHIFTED.map(name => [name, SIGMAS * deviation(rows.map(row => row[name]))]),
  );
  return rows.map(row => ({
    ...row,
    ...Object.fromEntries(SHIFTED.map(name => [name, row[name] + by[name]])),
  }));
}

/** The demo model as those see it who own it, run it and call it. */
export class ServedModel {
  #portal;
  #browser;
  /** @type {ModelTraffic | undefined} */
  #traffic;

  /** @param {import('../lib/portal.mjs').Portal} portal @param {import('../lib/browser.mjs').Browser} browser */
  constructor(portal, browser) {
    this.#portal = portal;
    this.#browser = browser;
    this.forge = connectForge(portal);
  }

  /** A tab of its page in the catalog. @param {'serving' | 'triage' | 'drift'} tab */
  async open(tab) {
    const page = await this.#browser.newPage();
    await signIn(page, this.#portal.url);
    await page.goto(
      `${this.#portal.url}/catalog/default/component/${MODEL}/${tab}`,
    );
    return page;
  }

  processes() {
    return findModelProcesses(this.#portal.stateDir);
  }

  rows() {
    return readWines(this.processes()[0]);
  }

  /** @param {Row[]} rows @param {{ rowsAtOnce: number, everyMs: number }} load */
  async sendTraffic(rows, load) {
    await this.stopTraffic();
    this.#traffic = new ModelTraffic({
      stateDir: this.#portal.stateDir,
      name: MODEL,
      rows,
      ...load,
    });
    return this.#traffic;
  }

  async stopTraffic() {
    await this.#traffic?.stop();
    this.#traffic = undefined;
  }

  /**
   * Waits until nothing of it is rolled out, by Argo CD and by its page: a training is started only then.
   *
   * @param {number} timeoutMs
   */
  async waitUntilSettled(timeoutMs) {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const { health, operationState, sync } = await readApplication(
        this.#portal.stateDir,
        `${MODEL}-dev`,
      );
      const words = [sync?.status, health?.status, operationState?.phase];
      if (words.join() === 'Synced,Healthy,Succeeded') {
        break;
      }
      if (Date.now() > until) {
        throw new Error(`${MODEL}-dev stays ${words.join(', ')}`);
      }
      await sleep(2_000);
    }
    const page = await this.open('serving');
    await waitForWords(page, 'Ready', 60_000);
    await page.context().close();
  }

  /**
   * Commits a patch of the model's container to infra-manifests, in the place of the one before; returns the commit.
   *
   * @param {string} message
   * @param {object[]} patch JSON Patch; none takes the one before back.
   */
  patchContainer(message, patch) {
    return this.forge.push(MANIFESTS, message, folder => {
      const file = path.join(folder, OVERLAY);
      const text = fs
        .readFileSync(file, 'utf8')
        .replace(/\n {2}- target: \{ kind: InferenceService \}\n.*/, '');
      const operations = patch.map(each => JSON.stringify(each)).join(',');
      const added = patch.length
        ? `\n  - target: { kind: InferenceService }\n    patch: '[${operations}]'`
        : '';
      const line = '\n  - path: release.yaml';
      if (!text.includes(line)) {
        throw new Error(`${OVERLAY} does not patch by release.yaml any more`);
      }
      fs.writeFileSync(file, text.replace(line, `${line}${added}`));
    });
  }
}

/** @param {import('playwright-core').Page} page @param {string | RegExp} words @param {number} timeout */
export const waitForWords = (page, words, timeout) =>
  page.getByText(words).first().waitFor({ timeout });
