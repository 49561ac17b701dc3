// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  FakeGithub,
  SECRET,
} from '../packages/backend/src/triage/__testUtils__/FakeGithub.ts';

// What happens to failed runs when the portal is killed (`kills`), and when very many
// arrive within a minute (`load`): a portal of its own process, GitHub as a fake over HTTP.
//
//   node scripts/greenroom.mjs exec -- node benchmarks/triage-intake.mjs kills 20
//   node scripts/greenroom.mjs exec -- node benchmarks/triage-intake.mjs load 1000

const TOKEN = 'token-of-the-benchmark';
const REPOSITORIES = 10;
const MINUTE = 60_000;
const LOG = [
  "E       KeyError: 'tenure_months'",
  "FAILED tests/test_model.py::test_ratios - KeyError: 'tenure_months'",
  '1 failed, 61 passed in 12.41s',
  '##[error]Process completed with exit code 1.',
];
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(path.join(root, 'package.json'));

async function findPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (
    server.address()
  );
  server.close();
  return port;
}

const github = new FakeGithub();
await github.start();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'triage-intake-'));
const port = await findPort();
const url = `http://127.0.0.1:${port}`;
/** @param {number} index */
const slugOf = index => `acme/model-${index % REPOSITORIES}`;
fs.writeFileSync(
  path.join(folder, 'entities.yaml'),
  Array.from({ length: REPOSITORIES }, (_, index) =>
    JSON.stringify({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: `model-${index}`,
        annotations: {
          'github.com/project-slug': slugOf(index),
          'backstage.io/source-location': `url:http://${github.host}/${slugOf(index)}/`,
        },
      },
      spec: { type: 'ml-model', owner: 'guests', lifecycle: 'production' },
    }),
  ).join('\n---\n'),
);
const configFile = path.join(folder, 'config.yaml');
fs.writeFileSync(
  configFile,
  JSON.stringify({
    app: { baseUrl: url },
    backend: {
      baseUrl: url,
      listen: { host: '127.0.0.1', port },
      database: process.env.TRIAGE_DATABASE
        ? JSON.parse(process.env.TRIAGE_DATABASE)
        : { client: 'better-sqlite3', connection: { directory: folder } },
      auth: {
        externalAccess: [
          { type: 'static', options: { token: TOKEN, subject: 'benchmark' } },
        ],
      },
    },
    integrations: { github: [github.integration] },
    events: { modules: { github: { webhookSecret: SECRET } } },
    catalog: {
      locations: [{ type: 'file', target: path.join(folder, 'entities.yaml') }],
    },
    triage: {
      sweep: { enabled: false },
      queue: { lease: { seconds: 3 }, backoff: { milliseconds: 200 } },
    },
  }),
);

/** @param {string} route */
async function get(route) {
  const response = await fetch(`${url}/api/${route}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  return { status: response.status, body: await response.json() };
}

async function start() {
  const log = fs.openSync(path.join(folder, 'portal.log'), 'a');
  const child = spawn(
    process.execPath,
    [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
      path.join(
        root,
        'packages/backend/src/triage/__testUtils__/intakePortal.ts',
      ),
      '--config',
      configFile,
    ],
    {
      cwd: path.join(root, 'packages', 'backend'),
      stdio: ['ignore', log, log],
    },
  );
  for (let round = 0; ; round++) {
    const answer = await get('catalog/entities/by-query').catch(
      () => undefined,
    );
    if (answer?.body.totalItems >= REPOSITORIES) {
      return child;
    }
    if (child.exitCode !== null || round > 1_200) {
      throw new Error(`The portal does not start: ${folder}/portal.log`);
    }
    await sleep(100);
  }
}

/** @param {ReturnType<typeof makeRun>} run */
async function send(run) {
  const { body, headers } = github.event(run);
  const response = await fetch(`${url}/api/events/http/github`, {
    method: 'POST',
    headers,
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

async function listIncidents() {
  const items = [];
  let cursor;
  do {
    const query = cursor ? `&cursor=${cursor}` : '';
    const { body } = await get(`triage/incidents?limit=100${query}`);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor);
  return items;
}

/** Waits until all is worked off. @param {number} count @param {number} minutes */
async function settle(count, minutes) {
  for (const end = Date.now() + minutes * 60_000; Date.now() < end;) {
    const items = await listIncidents();
    const open = items.filter(({ progress }) => progress.stage !== 'done');
    if (items.length >= count && open.length === 0) {
      return items;
    }
    await sleep(500);
  }
  throw new Error(`Not worked off in ${minutes} minutes: ${folder}`);
}

/** Each run has a commit of its own, and a cause of its own. @param {number} index */
const makeRun = index => ({
  id: 1_000 + index,
  repository: slugOf(index),
  sha: `c${index.toString(16).padStart(39, '0')}`,
  log: LOG.map(line =>
    line.replaceAll('tenure_months', `column_${'abcdefghij'[index % 10]}`),
  ),
});

/** @param {number} count */
async function kills(count) {
  let accepted = 0;
  const runs = [];
  for (let index = 0; index < count; index++) {
    const portal = await start();
    const run = makeRun(index);
    runs.push(run);
    github.runs.push(run);
    const exit = once(portal, 'exit');
    const killAfter = Math.random() * 1_500;
    const answer = send(run).catch(() => undefined);
    await sleep(killAfter);
    portal.kill('SIGKILL');
    await exit;
    accepted += (await answer) === 202 ? 1 : 0;
    console.log(
      `kill ${index + 1} after ${killAfter.toFixed(0)} ms, webhook answered ${await answer}`,
    );
  }
  const portal = await start();
  // GitHub's sender tries again by hand; here each webhook comes once more.
  for (const run of runs) {
    await send(run);
  }
  const items = await settle(count, 5);
  portal.kill('SIGTERM');
  const commented = new Set(github.comments.map(({ on }) => on)).size;
  console.log(
    `${count} kills, ${accepted} answered 202 before: ${items.length} incidents, ${github.comments.length} comments on ${commented} commits, ${github.issues.length} issues for ${new Set(items.map(each => `${each.repository} ${each.signature}`)).size} causes`,
  );
}

/** @param {number} count */
async function load(count) {
  const portal = await start();
  const latencies = async (
    /** @type {(times: number[]) => boolean} */ isOver,
  ) => {
    /** @type {number[]} */
    const times = [];
    while (!isOver(times)) {
      const begin = performance.now();
      await get(
        `triage/incidents?entityRef=component:default/model-${times.length % REPOSITORIES}`,
      );
      times.push(performance.now() - begin);
      await sleep(100);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)];
  };
  const idle = await latencies(times => times.length === 100);
  const runs = Array.from({ length: count }, (_, index) => makeRun(index));
  github.runs.push(...runs);
  const begin = performance.now();
  /** @type {number[]} */
  const statuses = [];
  let isSent = false;
  const busy = latencies(() => isSent);
  const sending = [];
  for (const [index, run] of runs.entries()) {
    await sleep(
      Math.max(0, begin + (index * MINUTE) / count - performance.now()),
    );
    sending.push(send(run).then(status => statuses.push(status)));
  }
  await Promise.all(sending);
  isSent = true;
  const recorded = (performance.now() - begin) / 1_000;
  const p95 = await busy;
  const items = await settle(count, 20);
  const done = (performance.now() - begin) / 1_000;
  portal.kill('SIGTERM');
  console.log(
    `${statuses.filter(status => status === 202).length} of ${count} webhooks answered 202 in ${recorded.toFixed(1)} s; ${items.length} incidents worked off in ${done.toFixed(1)} s with ${github.requests.length} requests; ${github.comments.length} comments, ${github.issues.length} issues; list of an entity p95 ${idle.toFixed(0)} ms idle, ${p95.toFixed(0)} ms under load`,
  );
}

const [what, count] = process.argv.slice(2);
try {
  await (what === 'load'
    ? load(Number(count ?? 1_000))
    : kills(Number(count ?? 20)));
} finally {
  await github.stop();
}
