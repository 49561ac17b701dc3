// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  startForge,
  startMlflow,
  type TestForge,
  type TestMlflow,
} from '@greenroom/local-platform/testing';
import type { JsonObject } from '@backstage/types';
import { parse } from 'yaml';
import { startPortal, TEMPLATE_DIR } from './__testUtils__/startPortal';

jest.setTimeout(240_000);

const OWNER = 'greenroom-demo';

let forge: TestForge;
let mlflow: TestMlflow;
let portal: Awaited<ReturnType<typeof startPortal>>;
let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'upgrade-'));
  // The pipelines are another test's matter.
  [forge, mlflow] = await Promise.all([
    startForge({ maxJobs: 0 }),
    startMlflow(),
  ]);
  portal = await startPortal({
    github: {
      host: forge.host,
      apiBaseUrl: `${forge.url}/api/v3`,
      token: forge.token,
    },
    mlflow: [{ name: 'local', baseUrl: mlflow.url }],
  });
}, 300_000);

afterAll(async () => {
  await portal?.stop();
  await Promise.all([forge?.stop(), mlflow?.stop()]);
  fs.rmSync(folder, { recursive: true, force: true });
});

// No column tells the answer alone.
const TABLE = `age,fee,churned\n${Array.from(
  { length: 120 },
  (_, row) =>
    `${20 + ((row * 37) % 50)},${(row * 7) % 60},${(row * row) % 7 > 2 ? 'no' : 'yes'}`,
).join('\n')}\n`;

const create = (name: string) =>
  portal.run({
    name,
    description: 'Predicts who leaves.',
    owner: 'group:default/fraud-team',
    data: {
      dataset: 'csv',
      target: 'churned',
      task: 'classification',
      csvUpload: `data:text/csv;base64,${Buffer.from(TABLE).toString('base64')}`,
    },
    gate: { metric: 'f1_macro', threshold: 0.4 },
    repository: { host: forge.host, owner: OWNER },
  });

const upgrade = (name: string, answers: JsonObject = {}) =>
  portal.run(
    { component: `component:default/${name}`, answers },
    'template:default/model-upgrade',
  );

/** The person's clone, with the real git over HTTP. */
function clone(name: string) {
  const target = path.join(folder, name);
  const url = new URL(`${forge.url}/${OWNER}/${name}.git`);
  url.username = 'jane';
  url.password = forge.token;
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      [
        ...['-c', 'user.name=Jane', '-c', 'user.email=jane@example.com'],
        ...args,
      ],
      { cwd: target, encoding: 'utf8', stdio: 'pipe' },
    ).trim();
  execFileSync('git', ['clone', '--quiet', url.href, target], {
    stdio: 'pipe',
  });
  return {
    git,
    read: (file: string) => fs.readFileSync(path.join(target, file), 'utf8'),
    change(file: string, search: string | RegExp, text: string) {
      const before = this.read(file);
      const after = before.replace(search, text);
      expect(after).not.toBe(before);
      fs.writeFileSync(path.join(target, file), after);
    },
    push(message: string) {
      git('add', '--all');
      git('commit', '--quiet', '-m', message);
      git('push', '--quiet', 'origin', 'HEAD');
    },
  };
}

async function pullsOf(name: string) {
  const response = await fetch(
    `${forge.url}/api/v3/repos/${OWNER}/${name}/pulls?state=all`,
    { headers: { authorization: `token ${forge.token}` } },
  );
  return (await response.json()) as Array<{
    number: number;
    state: string;
    body: string;
    html_url: string;
    head: { ref: string; sha: string };
  }>;
}

/** The steps that render are the same in both templates. */
it('renders by the steps of the template that makes', () => {
  const [made, upgraded] = ['template.yaml', 'upgrade.yaml'].map(file =>
    parse(fs.readFileSync(path.join(TEMPLATE_DIR, file), 'utf8')),
  );
  const fetchOf = ({ spec }: { spec: { steps: Array<{ id: string }> } }) =>
    spec.steps.find(({ id }) => id === 'fetch');
  expect(fetchOf(upgraded)).toEqual(fetchOf(made));
  const version = 'greenroom.dev/template-version';
  expect(upgraded.metadata.annotations[version]).toBe(
    made.metadata.annotations[version],
  );
});

it('finds nothing to do in what the template has just made', async () => {
  const made = await create('fresh-model');
  expect(made.error).toBeUndefined();
  const task = await upgrade('fresh-model');
  expect(task.error).toBeUndefined();
  expect(task.output.text?.map(({ title }) => title)).toEqual(['Up to date']);
  expect(await pullsOf('fresh-model')).toEqual([]);
});
