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

jest.setTimeout(600_000);

const OWNER = 'greenroom-demo';
const PREVIOUS = 'churn-risk';
const IDENTITY = ['-c', 'user.name=Jane', '-c', 'user.email=jane@example.com'];

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
}, 600_000);

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

/** A repository that version 2.0.0 of the template made, with another model of its owner. */
async function plantPrevious() {
  const source = path.join(folder, 'previous');
  fs.mkdirSync(source);
  execFileSync('tar', [
    ...[
      '-xzf',
      path.join(TEMPLATE_DIR, 'tests/fixtures/repository-2.0.0.tar.gz'),
    ],
    ...['-C', source],
  ]);
  const record = path.join(source, '.greenroom/template.json');
  fs.writeFileSync(
    record,
    fs
      .readFileSync(record, 'utf8')
      .replace('"mlflowInstance": "default"', '"mlflowInstance": "local"'),
  );
  const made = await api('POST', `orgs/${OWNER}/repos`, { name: PREVIOUS });
  expect(made.status).toBe(201);
  const url = new URL(`${forge.url}/${OWNER}/${PREVIOUS}.git`);
  url.username = 'jane';
  url.password = forge.token;
  for (const args of [
    ['init', '--quiet', '--initial-branch', 'main'],
    ['add', '--all'],
    ['commit', '--quiet', '-m', 'Create the model'],
    ['push', '--quiet', url.href, 'main'],
  ]) {
    execFileSync('git', [...IDENTITY, ...args], { cwd: source, stdio: 'pipe' });
  }
  await register(PREVIOUS);
}

/** Registers a repository, and waits until the catalog has read it. */
async function register(name: string) {
  const { status } = await portal.call('catalog/locations', {
    body: {
      type: 'url',
      target: `${forge.url}/${OWNER}/${name}/blob/main/catalog-info.yaml`,
    },
  });
  expect(status).toBe(201);
  await portal.until('the component', async () => {
    const { status: found } = await portal.call(
      `catalog/entities/by-name/component/default/${name}`,
    );
    return found === 200 || undefined;
  });
}

/** The person's clone, with the real git over HTTP. */
function clone(name: string) {
  const target = path.join(folder, name);
  const url = new URL(`${forge.url}/${OWNER}/${name}.git`);
  url.username = 'jane';
  url.password = forge.token;
  const git = (...args: string[]) =>
    execFileSync('git', [...IDENTITY, ...args], {
      cwd: target,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  execFileSync('git', ['clone', '--quiet', url.href, target], {
    stdio: 'pipe',
  });
  return {
    git,
    write: (file: string, text: string) =>
      fs.writeFileSync(path.join(target, file), text),
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

async function api(method: string, route: string, body?: unknown) {
  const response = await fetch(`${forge.url}/api/v3/${route}`, {
    method,
    headers: { authorization: `token ${forge.token}` },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function pullsOf(name: string) {
  const { body } = await api('GET', `repos/${OWNER}/${name}/pulls?state=all`);
  return body as Array<{
    number: number;
    state: string;
    body: string;
    head: { ref: string; sha: string };
  }>;
}

/** The steps that render are the same in both templates. */
it('renders by the steps of the template that makes', () => {
  const [made, upgraded] = ['template.yaml', 'upgrade.yaml'].map(file =>
    parse(fs.readFileSync(path.join(TEMPLATE_DIR, file), 'utf8')),
  );
  const stepsOf = ({ spec }: { spec: { steps: Array<{ id: string }> } }) =>
    spec.steps.filter(({ id }) => id === 'fetch' || id === 'package');
  expect(stepsOf(made)).toHaveLength(2);
  expect(stepsOf(upgraded)).toEqual(stepsOf(made));
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

it('brings what the previous template made and its owner edited to today, by one pull request', async () => {
  await plantPrevious();
  const owner = clone(PREVIOUS);
  owner.change(
    'src/churn_risk/model.py',
    'import RandomForestClassifier, RandomForestRegressor',
    'import ExtraTreesClassifier, RandomForestRegressor',
  );
  owner.change('src/churn_risk/gate.py', /$/, '\nMINORITY_RECALL = 0.6\n');
  owner.change('README.md', /$/, '\n## Who to ask\n\nJane.\n');
  owner.change(
    'data/churn-risk.csv',
    /$/,
    'C99999,33,plus,40.5,2024-03-01,yes\n',
  );
  owner.push('A model of our own');
  const before = owner.git('rev-parse', 'HEAD');

  const task = await upgrade(PREVIOUS);
  expect(task.error).toBeUndefined();
  const [pull, ...others] = await pullsOf(PREVIOUS);
  expect(others).toEqual([]);
  expect(pull.head.ref).toBe('greenroom/upgrade-3.0.0');
  expect(pull.body).toContain('from version 2.0.0 of');
  expect(pull.body).toContain('- `src/churn_risk/gate.py`');
  expect(pull.body).toContain('- leaveOut: `"{\\"customer_id\\"');
  expect(task.log.join('\n')).toMatch(/pull\/1 has conflicts for a person/);
  expect(task.output.links?.[0]).toMatchObject({ title: 'Pull request' });

  // Nothing but a branch was made, whose one commit follows the first.
  owner.git('fetch', '--quiet');
  const branch = `origin/${pull.head.ref}`;
  expect(owner.git('rev-parse', 'origin/main')).toBe(before);
  expect(owner.git('rev-list', '--count', branch)).toBe('2');
  expect(
    owner.git('diff', '--name-only', branch, 'main~1', '--', 'data/*.csv'),
  ).toBe('');
  expect(owner.git('ls-tree', branch, '.github/scripts/push-image.sh')).toMatch(
    /^100755 /,
  );

  // The same again: the same pull request, the same commit.
  expect((await upgrade(PREVIOUS)).error).toBeUndefined();
  expect(await pullsOf(PREVIOUS)).toEqual([
    expect.objectContaining({
      number: 1,
      head: expect.objectContaining({ sha: pull.head.sha }),
    }),
  ]);

  // With other answers: the same pull request, another commit.
  const changed = await upgrade(PREVIOUS, { 'gate.threshold': '0.65' });
  expect(changed.error).toBeUndefined();
  const [renewed, ...none] = await pullsOf(PREVIOUS);
  expect(none).toEqual([]);
  expect(renewed.number).toBe(1);
  expect(renewed.head.sha).not.toBe(pull.head.sha);
  owner.git('fetch', '--quiet');
  expect(owner.git('show', `${branch}:config.yaml`)).toContain(
    'threshold: 0.65',
  );

  // The owner resolves it on the branch.
  owner.git('switch', '--quiet', pull.head.ref);
  expect(() => owner.git('merge', '--quiet', 'main')).toThrow();
  const status = owner.git('status', '--porcelain');
  expect(status).toMatch(/^UU src\/churn_risk\/model\.py$/m);
  expect(status).toMatch(/^DU src\/churn_risk\/gate\.py$/m);
  expect(owner.read('src/churn_risk/model.py')).toMatch(/^<{7} /m);
  expect(owner.read('README.md')).toContain('Jane.');
  expect(owner.read('data/churn-risk.csv')).toContain('C99999');
  owner.git('rm', '--quiet', 'src/churn_risk/gate.py');
  owner.git('checkout', '--ours', 'src/churn_risk/model.py');
  owner.push('Resolve');
  const resolved = owner.git('rev-parse', 'HEAD');

  // A run does not take that away, with other answers neither.
  const kept = await upgrade(PREVIOUS, { 'gate.threshold': '0.65' });
  expect(kept.error).toBeUndefined();
  const refused = await upgrade(PREVIOUS, { 'gate.threshold': '0.66' });
  expect(refused.error).toMatch(/holds more than an upgrade: merge or close/);
  expect((await pullsOf(PREVIOUS))[0].head.sha).toBe(resolved);

  const merged = await api(
    'PUT',
    `repos/${OWNER}/${PREVIOUS}/pulls/1/merge`,
    {},
  );
  expect(merged.status).toBe(200);
  const after = await upgrade(PREVIOUS);
  expect(after.error).toBeUndefined();
  expect(after.output.text?.map(({ title }) => title)).toEqual(['Up to date']);
  expect(await pullsOf(PREVIOUS)).toHaveLength(1);
});

it('says what it cannot upgrade', async () => {
  const unknown = await upgrade('no-such-model');
  expect(unknown.error).toMatch(
    /the catalog has no 'component:default\/no-such-model'/,
  );
  const elsewhere = await upgrade('taken-model');
  expect(elsewhere.error).toMatch(/which is no repository on GitHub/);
  const made = await api('POST', `orgs/${OWNER}/repos`, {
    name: 'bare-model',
    auto_init: true,
  });
  expect(made.status).toBe(201);
  const bare = clone('bare-model');
  bare.write(
    'catalog-info.yaml',
    'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: bare-model }\nspec: { type: ml-model, lifecycle: production, owner: fraud-team }\n',
  );
  bare.push('A component');
  await register('bare-model');
  const none = await upgrade('bare-model');
  expect(none.error).toMatch(
    /bare-model has no \.greenroom\/template\.json as a template writes it/,
  );
  const wrong = await upgrade('fresh-model', { 'gate.metric': 'r2' });
  expect(wrong.error).toMatch(
    /gate\.metric: 'r2' does not measure classification/,
  );
});
