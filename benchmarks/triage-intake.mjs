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
import { geminiAnswers } from '../plugins/triage-backend-module-gemini/src/__testUtils__/geminiAnswers.ts';
import { startFakeGemini } from '../plugins/triage-backend-module-gemini/src/__testUtils__/startFakeGemini.ts';

// What happens to failed runs when the portal is killed in intake, ask or post
// (`kills`), and when very many arrive within a minute (`load`): a portal of its own
// process, GitHub and a slow Gemini as fakes over HTTP.
//
//   node scripts/greenroom.mjs exec -- node --import tsx benchmarks/triage-intake.mjs kills 20
//   node scripts/greenroom.mjs exec -- node --import tsx benchmarks/triage-intake.mjs load 1000

const TOKEN = 'token-of-the-benchmark';
const REPOSITORIES = 10;
const MINUTE = 60_000;
/** How long Gemini thinks. */
const THINKS = 2_000;
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

const [what, count] = process.argv.slice(2);
const github = new FakeGithub();
await github.start();
const gemini = await startFakeGemini();
gemini.answer(
  geminiAnswers.slow(
    THINKS,
    geminiAnswers.saying({
      name: 'Slow',
      generate: async () => ({
        model: 'slow',
        value: {
          suspects: [],
          claims: [],
          rootCause: {
            evidence: [],
            outcome: 'inconclusive',
            statement: '',
            confidence: 'low',
          },
          missing: [],
          nextSteps: [],
        },
      }),
    }),
  ),
);
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
      ...(what === 'kills' && {
        gemini: {
          apiKey: 'key-of-the-benchmark',
          baseUrl: gemini.url,
          budgets: { perMinute: { requests: 1_000 } },
        },
      }),
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

/** Resolves when something is done next, or after a while. */
const next = {
  intake: async () => {},
  ask: async () => {
    const before = gemini.requests.length;
    for (let round = 0; round < 1_000; round++) {
      if (gemini.requests.length > before) {
        return;
      }
      await sleep(20);
    }
  },
  // A comment or an issue is there, and its answer is still on the way.
  post: () =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, 20_000);
      github.after = async () => {
        clearTimeout(timer);
        resolve(undefined);
        await sleep(50);
      };
    }),
};
/** A kill falls anywhere in it, ms. */
const SPANS = { intake: 1_500, ask: THINKS, post: 150 };

/** @param {number} count */
async function kills(count) {
  let accepted = 0;
  const runs = [];
  const phases = /** @type {(keyof typeof SPANS)[]} */ (Object.keys(SPANS));
  for (let index = 0; index < count; index++) {
    const phase = phases[index % phases.length];
    const portal = await start();
    const run = makeRun(index);
    runs.push(run);
    github.runs.push(run);
    const exit = once(portal, 'exit');
    const killAfter = Math.random() * SPANS[phase];
    const reached = next[phase]();
    const answer = send(run).catch(() => undefined);
    await reached;
    await sleep(killAfter);
    portal.kill('SIGKILL');
    await exit;
    github.after = undefined;
    accepted += (await answer) === 202 ? 1 : 0;
    console.log(
      `kill ${index + 1} in ${phase} after ${killAfter.toFixed(0)} ms, webhook answered ${await answer}`,
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
  const causes = new Set(
    items.map(each => `${each.repository} ${each.signature}`),
  ).size;
  const asks = gemini.requests.map(({ body }) => JSON.stringify(body));
  const asked = runs.map(
    ({ sha }) => asks.filter(body => body.includes(sha)).length,
  );
  console.log(
    `${count} kills, ${accepted} answered 202 before: ${items.length} incidents, ${github.comments.length} comments on ${commented} commits, ${github.issues.length} issues for ${causes} causes; ${asks.length} questions to the model, 1 to ${Math.max(...asked)} of a run`,
  );
  if (
    items.length !== count ||
    github.comments.length !== count ||
    commented !== count ||
    github.issues.length !== causes ||
    asked.includes(0)
  ) {
    process.exitCode = 1;
  }
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

try {
  await (what === 'load'
    ? load(Number(count ?? 1_000))
    : kills(Number(count ?? 20)));
} finally {
  await github.stop();
  await gemini.stop();
}
