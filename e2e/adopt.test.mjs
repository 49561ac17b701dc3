// SPDX-License-Identifier: Apache-2.0

// For those who have a Backstage already: every package as it would be published, installed into
// an app that @backstage/create-app makes outside of this repository, by the READMEs' own lines.
//
//   npm test -- adopt
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { startMlflow } from '@greenroom/local-platform/testing';
import { findFreePort } from '../packages/local-platform/bootstrap/ports.mjs';
import { root } from '../scripts/lib/run.mjs';
import { findBrowser, startBrowser } from './lib/browser.mjs';
import { PLACE, StockApp } from './lib/adopt/StockApp.mjs';
import {
  findFaults,
  findPackages,
  packAll,
  unpack,
} from './lib/adopt/packages.mjs';
import { readBlocks } from './lib/adopt/readme.mjs';
import { logModel } from './lib/adopt/logModel.mjs';
import { startRegistry } from './lib/adopt/startRegistry.mjs';

const MINUTE = 60_000;
/** The address that the README of plugin-mlflow-node gives as an example. */
const EXAMPLE_MLFLOW = 'http://mlflow.mlflow.svc:5000';

const packages = findPackages();
const readmes = packages.map(({ manifest, folder }) => ({
  name: manifest.name,
  blocks: readBlocks(path.join(folder, 'README.md')),
}));
const blocks = readmes.flatMap(({ name, blocks: own }) =>
  own.map((block, index) => ({
    ...block,
    id: `${name.replace(/^@greenroom\/(plugin-)?/, '')}-${index}`,
  })),
);
const yamlBlocks = blocks
  .filter(({ language }) => language === 'yaml')
  .map(block => ({ ...block, value: parse(block.text) }));
// A list is one of the steps of a template.
const steps = yamlBlocks.flatMap(({ value }) =>
  Array.isArray(value) ? value : [],
);
const configBlocks = yamlBlocks.filter(
  ({ value }) => !Array.isArray(value) && !value.metadata,
);
const entities = yamlBlocks
  .filter(({ value }) => value.metadata)
  .map(({ id, value }) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { ...value.metadata, name: id },
    spec: { type: 'service', lifecycle: 'experimental', owner: 'guests' },
  }));
// A form of the fields that scaffolder-module-ml's README lists and that need no other field,
// with the steps that READMEs show.
const template = {
  apiVersion: 'scaffolder.backstage.io/v1beta3',
  kind: 'Template',
  metadata: { name: 'fields', title: 'Fields' },
  spec: {
    type: 'service',
    owner: 'guests',
    parameters: [
      {
        title: 'Fields',
        properties: {
          name: {
            title: 'Name',
            type: 'string',
            'ui:field': 'ModelNamePicker',
          },
          data: { type: 'object', 'ui:field': 'DatasetPicker' },
          model: { type: 'object', 'ui:field': 'ModelPicker' },
        },
      },
    ],
    steps,
  },
};
const codeBlocks = blocks.filter(({ language }) => /^tsx?$/.test(language));

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-packed-'));
const executablePath = findBrowser();
/** @type {string} */
let url;
/** @type {StockApp} */
let app;
/** @type {Awaited<ReturnType<typeof packAll>>} */
let packed = [];
/** @type {Awaited<ReturnType<typeof startRegistry>>} */
let registry;
/** @type {Awaited<ReturnType<typeof startMlflow>>} */
let mlflow;
/** @type {Awaited<ReturnType<StockApp['start']>>} */
let backend;
/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;

before(
  async () => {
    const { stdout, stderr, status } = spawnSync(
      path.join(root, 'node_modules', '.bin', 'backstage-cli'),
      ['repo', 'fix', '--publish', '--check'],
      { cwd: root, encoding: 'utf8' },
    );
    assert.equal(
      status,
      0,
      `backstage-cli repo fix --publish:\n${stdout}${stderr}`,
    );
    packed = (await packAll(packages, folder)).map((item, index) => {
      const unpacked = unpack(item.tarball, path.join(folder, `${index}`));
      const manifest = JSON.parse(
        fs.readFileSync(path.join(unpacked, 'package.json'), 'utf8'),
      );
      return { ...item, manifest, folder: unpacked };
    });
    registry = await startRegistry(packed);
    mlflow = await startMlflow();
    await logModel(mlflow.url, 'churn');
    app = await StockApp.create(registry.url, {
      GEMINI_API_KEY: 'not-a-key',
      MLFLOW_TRACKING_TOKEN: 'not-a-token',
      GITHUB_TOKEN: 'not-a-token',
    });
  },
  { timeout: 30 * MINUTE },
);

after(
  async () => {
    await browser?.close();
    await backend?.stop();
    await mlflow?.stop();
    await app?.remove();
    registry?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  },
  { timeout: 10 * MINUTE },
);

test('the app is of the version of Backstage that this repository has', () => {
  assert.deepEqual(
    JSON.parse(app.read('backstage.json')),
    JSON.parse(fs.readFileSync(path.join(root, 'backstage.json'), 'utf8')),
  );
});

for (const [index, { manifest }] of packages.entries()) {
  test(`${manifest.name} is whole as it would be published`, async () => {
    assert.deepEqual(await findFaults(packed[index].folder, packages), []);
  });
}

test(
  'the READMEs, followed to the letter, install every package',
  { timeout: 30 * MINUTE },
  async () => {
    for (const { language, text } of blocks) {
      if (language !== 'sh') {
        continue;
      }
      for (const line of text.split('\n')) {
        if (line.startsWith('yarn --cwd ')) {
          await app.add(line);
        }
      }
    }
    for (const { name } of readmes) {
      const installed = path.join(app.folder, 'node_modules', name);
      assert.ok(fs.existsSync(installed), `${name} is not installed`);
      assert.equal(
        fs.realpathSync(installed),
        path.join(fs.realpathSync(app.folder), 'node_modules', name),
      );
    }
    // Nothing is resolved from here: every resolution of ours is an archive of the registry.
    const lock = app.read('yarn.lock');
    assert.ok(!lock.includes(root));
    for (const [, resolution] of lock.matchAll(
      /resolution: "(@greenroom\/.*)"/g,
    )) {
      assert.match(resolution, /^@greenroom\/[\w-]+@npm:/);
    }
    for (const { manifest } of packages) {
      assert.ok(
        lock.includes(`resolution: "${manifest.name}@npm:`),
        manifest.name,
      );
    }

    for (const { id, language, text, isAlternative } of codeBlocks) {
      if (isAlternative) {
        app.addCode(
          text.replace(PLACE, ''),
          `packages/app/src/readmes/${id}.${language}`,
        );
      } else if (PLACE.test(text)) {
        app.addCode(text);
      }
    }
    app.addEntities(entities);
    app.addCode(`# examples/fields/template.yaml\n${stringify(template)}`);
    app.addConfig({
      catalog: {
        locations: [
          {
            type: 'file',
            target: '../../examples/fields/template.yaml',
            rules: [{ allow: ['Template'] }],
          },
        ],
      },
    });
    for (const { value, isAlternative } of configBlocks) {
      if (!isAlternative) {
        app.addConfig(value);
      }
    }
  },
);

test(
  'the configuration fits its schema, as do the other ways that the READMEs name',
  { timeout: 10 * MINUTE },
  async () => {
    await app.checkConfig();
    for (const { value, isAlternative } of configBlocks) {
      if (isAlternative) {
        await app.checkConfig([value]);
      }
    }
    await assert.rejects(
      app.checkConfig([{ mlflow: { instances: [{ name: 'eu' }] } }]),
      /baseUrl/,
      'the schema of the plugins is not known to the app',
    );
  },
);

test('the types fit', { timeout: 20 * MINUTE }, async () => {
  // Blocks show what may be done, and need not use all that they name.
  await app.yarn('tsc', '--noUnusedLocals', 'false');
});

test(
  'the backend starts, with every plugin and no error',
  { timeout: 30 * MINUTE },
  async () => {
    await app.yarn('workspace', 'app', 'build');
    url = `http://localhost:${await findFreePort()}`;
    const { port } = new URL(url);
    app.addConfig({
      app: { baseUrl: url },
      backend: {
        baseUrl: url,
        listen: { port: Number(port), host: 'localhost' },
        cors: { origin: url },
      },
    });
    app.replaceInConfig(EXAMPLE_MLFLOW, mlflow.url);
    backend = await app.start(url);
    const output = backend.output();
    for (const plugin of ['mlflow', 'scaffolder', 'triage', 'my-plugin']) {
      assert.match(
        output,
        new RegExp(`initialized:.*'${plugin}'|'${plugin}'.*initialized`),
        output,
      );
    }
    assert.match(output, /A model explains/);
    assert.doesNotMatch(output, /^.*\berror\b.*$/im);
  },
);

/** The scaffolder actions that their README lists. */
function listActions() {
  const readme = fs.readFileSync(
    path.join(root, 'plugins', 'scaffolder-backend-module-ml', 'README.md'),
    'utf8',
  );
  return [...readme.matchAll(/^\| `(ml(?:flow)?:[a-z:]+)` /gm)].map(
    ([, name]) => name,
  );
}

/** @param {import('playwright-core').Page} page */
async function signIn(page) {
  await page.goto(url);
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.getByRole('link', { name: 'Settings' }).waitFor();
}

test(
  'in the browser: home page, Training card and tab, actions and form fields',
  {
    skip: executablePath ? false : 'no Chrome or Chromium is installed',
    timeout: 10 * MINUTE,
  },
  async () => {
    browser = await startBrowser(executablePath);
    const page = await browser.newPage();
    /** @type {string[]} */
    const errors = [];
    page.on('pageerror', error => {
      // The stock home page asks for a joke elsewhere.
      if (!error.message.includes('Failed to fetch')) {
        errors.push(String(error));
      }
    });
    await signIn(page);
    // home-module-layout's README makes it the first page.
    await page.getByRole('heading', { name: /^Your models/ }).waitFor();

    for (const { metadata } of entities) {
      const entity = `${url}/catalog/default/component/${metadata.name}`;
      await page.goto(entity);
      await page.getByText('champion').first().waitFor();
      await page.getByRole('heading', { name: 'Relations' }).waitFor();
      // About stands at the side; the cards that would be empty are not there.
      assert.deepEqual(
        await page.getByRole('heading', { level: 3 }).allInnerTexts(),
        ['About', 'Training', 'Relations'],
      );
      await page.goto(`${entity}/training`);
      await page
        .getByRole('link', { name: /\bv1\b/ })
        .first()
        .waitFor();
      await page.getByText('champion').first().waitFor();
    }
    await page.goto(`${url}/catalog/default/component/example-website`);
    await page
      .getByRole('tab', { name: 'Overview' })
      .or(page.getByRole('link', { name: 'Overview' }))
      .first()
      .waitFor();
    assert.equal(await page.getByText('Training', { exact: true }).count(), 0);

    await page.goto(`${url}/create/actions`);
    for (const action of listActions()) {
      await page.getByText(action, { exact: true }).first().waitFor();
    }
    await page.goto(`${url}/create/templates/default/fields`);
    await page.getByRole('textbox', { name: /^Name/ }).waitFor();
    await page.getByRole('radiogroup', { name: 'Data set' }).waitFor();
    await page.getByRole('radiogroup', { name: 'Framework' }).waitFor();
    assert.deepEqual(errors, []);
  },
);
