// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const REPOSITORY = 'odd-models';
const OWNER = 'greenroom-demo';

/** @typedef {ReturnType<typeof connectMlflow>} Post */

/** @param {string} url */
function connectMlflow(url) {
  /** @param {string} route @param {object} body */
  return async (route, body, version = '2.0') => {
    const response = await fetch(`${url}/api/${version}/mlflow/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${route}: ${response.status} ${await response.text()}`);
    }
    return response.json();
  };
}

const toList = (/** @type {Record<string, string | number>} */ values) =>
  Object.entries(values).map(([key, value]) => ({ key, value }));

/** An MLflow as it grows without a template: see the names. @param {Post} post */
async function seed(post) {
  const now = Date.now();
  /** @returns {Promise<string>} The id. */
  const experiment = async (/** @type {string} */ name) =>
    (await post('experiments/create', { name })).experiment_id;
  /**
   * @param {string} id Of the experiment.
   * @param {string} name
   * @param {number} start
   * @param {{ metrics?: Record<string, number>, tags?: Record<string, string>, status?: string }} [options]
   * @returns {Promise<string>} The id.
   */
  const run = async (
    id,
    name,
    start,
    { metrics = {}, tags = {}, status } = {},
  ) => {
    const created = await post('runs/create', {
      experiment_id: id,
      run_name: name,
      start_time: start,
      tags: toList({ 'mlflow.user': 'jane', ...tags }),
    });
    const { run_id } = created.run.info;
    await post('runs/log-batch', {
      run_id,
      metrics: toList(metrics).map(metric => ({
        ...metric,
        timestamp: start,
        step: 0,
      })),
    });
    if (status !== 'RUNNING') {
      await post('runs/update', {
        run_id,
        status: status ?? 'FINISHED',
        end_time: start + 60_000,
      });
    }
    return run_id;
  };
  /**
   * @param {string} name
   * @param {number} versions
   * @param {{ alias?: { alias: string, version: string }, runId?: string, tags?: Record<string, string> }} [options]
   */
  const model = async (name, versions, { alias, runId, tags } = {}) => {
    await post('registered-models/create', {
      name,
      tags: tags && toList(tags),
    });
    for (let index = 0; index < versions; index++) {
      await post('model-versions/create', {
        name,
        source: tags ? 'prompt-template' : 's3://models/m',
        run_id: runId,
        tags:
          tags &&
          toList({ ...tags, 'mlflow.prompt.text': 'You are {{role}}.' }),
      });
    }
    if (alias) {
      await post('registered-models/alias', { name, ...alias });
    }
  };

  const odd = await experiment('odd runs: ünïcode "quotes" %20');
  const parent = await run(odd, 'parent', now - 5 * HOUR, {
    metrics: { accuracy: 0.5, val_loss: 1.2 },
  });
  for (const index of [0, 1, 2]) {
    await run(odd, `child-${index}`, now - 5 * HOUR + index, {
      metrics: { accuracy: 0.5 + index / 10, val_loss: 1 - index / 10 },
      tags: { 'mlflow.parentRunId': parent },
    });
  }
  const names = [
    '<img src=x onerror=alert(1)><b>bold</b>',
    '\u202Egnp.exe \u0645\u0631\u062D\u0628\u0627',
    'x'.repeat(250),
    '   ',
    '\u200B',
    '🔥🚀 emoji 👩‍👩‍👧‍👦',
    `a${'\u0301'.repeat(60)}`,
  ];
  for (const [index, name] of names.entries()) {
    await run(odd, name, now - 2 * HOUR - index, {
      metrics: { accuracy: index / 10, val_loss: 2 - index / 10 },
    });
  }
  await run(odd, 'running for 5 days', now - 5 * DAY, { status: 'RUNNING' });
  await run(odd, 'starts in the future', now + 3 * DAY, { status: 'RUNNING' });
  await run(odd, 'killed', now - HOUR, { status: 'KILLED' });
  await run(odd, 'gate NaN', now - HOUR / 3, {
    metrics: { accuracy: 0.1 },
    tags: toTags({ metric: 'accuracy', value: 'nan', passed: 'False' }),
  });
  const deleted = await run(odd, 'deleted', now - HOUR);
  await post('runs/delete', { run_id: deleted });

  await model('odd-model', 60, { alias: { alias: 'champion', version: '2' } });
  await model('run-deleted', 2, {
    alias: { alias: 'champion', version: '1' },
    runId: deleted,
  });
  await model('staged', 3);
  for (const [version, stage] of [
    ['1', 'Archived'],
    ['2', 'Production'],
    ['3', 'Staging'],
  ]) {
    await post('model-versions/transition-stage', {
      name: 'staged',
      version,
      stage,
      archive_existing_versions: false,
    });
  }
  await model('support-prompt', 2, {
    tags: { 'mlflow.prompt.is_prompt': 'true' },
  });
  await model('no-versions', 0);
  await model('no-champion', 1, { runId: parent });

  const genai = await experiment('support-agent');
  await post('logged-models', { experiment_id: genai, name: 'agent' });
  await post(
    'traces',
    {
      trace: {
        trace_info: {
          trace_id: `tr-${'0'.repeat(31)}1`,
          trace_location: {
            type: 'MLFLOW_EXPERIMENT',
            mlflow_experiment: { experiment_id: genai },
          },
          request_time: new Date(now).toISOString(),
          state: 'OK',
        },
      },
    },
    '3.0',
  );
  await experiment('empty');
  const gone = await experiment('gone');
  await post('experiments/delete', { experiment_id: gone });
}

/** @param {{ metric: string, passed: string, value: string }} gate */
function toTags({ metric, passed, value }) {
  return {
    'greenroom.gate.metric': metric,
    'greenroom.gate.direction': 'maximize',
    'greenroom.gate.threshold': '0.9',
    'greenroom.gate.value': value,
    'greenroom.gate.passed': passed,
  };
}

function createComponents() {
  /** @param {string} name @param {Record<string, string>} annotations */
  const component = (name, annotations) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      annotations: Object.fromEntries(
        Object.entries(annotations).map(([key, value]) => [
          `mlflow.org/${key}`,
          value,
        ]),
      ),
    },
    spec: {
      type: 'ml-model',
      lifecycle: 'production',
      owner: 'group:default/fraud-team',
    },
  });
  return [
    component('odd', {
      'experiment-name': 'odd runs: ünïcode "quotes" %20',
      'registered-model': 'odd-model',
    }),
    component('missing', {
      'experiment-name': 'prod:nope',
      'registered-model': 'norum',
    }),
    component('gone', {
      'experiment-name': 'gone',
      'registered-model': 'no-versions',
    }),
    component('never-trained', { 'experiment-name': 'empty' }),
    component('agent', {
      'experiment-name': 'support-agent',
      'registered-model': 'support-prompt',
    }),
    component('staged', { 'registered-model': 'staged' }),
    component('run-deleted', { 'registered-model': 'run-deleted' }),
    component('unannotated', {}),
    ...Array.from({ length: 20 }, (_, index) =>
      component(`segment-${String(index).padStart(2, '0')}-propensity`, {
        'registered-model': 'no-champion',
      }),
    ),
  ];
}

const MODEL = '/catalog/default/component';

/** @type {Array<[name: string, text: string | RegExp]>} */
const ODD_MODELS = [
  ['odd', /stalled\?/],
  ['missing', 'There is no registered model'],
  ['gone', 'was deleted on MLflow'],
  ['never-trained', 'No runs yet.'],
  ['agent', 'It holds'],
  ['staged', 'Production'],
  ['run-deleted', 'run deleted in MLflow'],
];

/**
 * The pages in which an odd MLflow shows, for `photograph`.
 *
 * @type {import('./photograph.mjs').PortalPage[]}
 */
export const ODD_PAGES = [
  ...ODD_MODELS.flatMap(([name, text]) => [
    {
      name: `odd-${name}-overview`,
      route: `${MODEL}/${name}`,
      text: name === 'odd' ? 'is champion' : text,
    },
    { name: `odd-${name}-training`, route: `${MODEL}/${name}/training`, text },
  ]),
  {
    name: 'odd-bad-filter',
    route: `${MODEL}/odd/training?filter=accurcy+%3E+1`,
    text: 'Invalid attribute key',
  },
];

/**
 * Fills a portal's MLflow with what no template of ours makes (nested, stalled,
 * deleted runs; stages, prompts, traces; names of all kinds), and its catalog
 * with components that name it, by way of a repository. Resolves when the
 * catalog shows them.
 *
 * @param {{ forge: import('./forge.mjs').Forge, portal: import('./portal.mjs').Portal }} platform
 */
export async function fillOddMlflow({ forge, portal }) {
  await seed(connectMlflow(portal.mlflowUrl));
  await forge.post(`/orgs/${OWNER}/repos`, {
    name: REPOSITORY,
    auto_init: true,
  });
  const components = createComponents();
  forge.push(`${OWNER}/${REPOSITORY}`, 'Describe the models', folder =>
    fs.writeFileSync(
      path.join(folder, 'catalog-info.yaml'),
      // JSON is YAML.
      components.map(entity => JSON.stringify(entity)).join('\n---\n'),
    ),
  );
  /** @param {string} route @param {RequestInit & { headers?: Record<string, string> }} [init] */
  const call = async (route, { headers, ...init } = {}) => {
    const response = await fetch(`${portal.url}/api/${route}`, {
      ...init,
      headers: { 'content-type': 'application/json', ...headers },
    });
    if (!response.ok && response.status !== 404) {
      throw new Error(`${route}: ${response.status} ${await response.text()}`);
    }
    return { found: response.ok, body: await response.json() };
  };
  const guest = await call('auth/guest/refresh', {
    headers: { 'x-requested-with': 'XMLHttpRequest' },
  });
  const headers = {
    authorization: `Bearer ${guest.body.backstageIdentity.token}`,
  };
  await call('catalog/locations', {
    method: 'POST',
    headers,
    body: JSON.stringify({
      type: 'url',
      target: `${portal.forgeUrl}/${OWNER}/${REPOSITORY}/blob/main/catalog-info.yaml`,
    }),
  });
  const { name: last } = components[components.length - 1].metadata;
  for (let tries = 0; tries < 120; tries++) {
    const { found } = await call(
      `catalog/entities/by-name/component/default/${last}`,
      { headers },
    );
    if (found) {
      return;
    }
    await sleep(1_000);
  }
  throw new Error(`The catalog does not show ${last} after two minutes`);
}
