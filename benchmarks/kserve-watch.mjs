// SPDX-License-Identifier: Apache-2.0

// What does it cost to keep open Serving tabs true, by watching or by the Kubernetes plugin's polling?
//
//   node benchmarks/kserve-watch.mjs [--services 5000] [--clusters 20] [--changes 200] [--tabs 20] [--seconds 30] [--json]
//
// Simulated API servers over HTTP in one process, the portal in another: once with our backend, once with the code of the Kubernetes
// plugin as its hooks ask it (each tab every 10 s: InferenceServices and Pods on all clusters). Both in the same run.
import { build } from 'esbuild';
import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '5000' },
    clusters: { type: 'string', default: '20' },
    changes: { type: 'string', default: '200' },
    tabs: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
  },
});

/** @param {'services' | 'clusters' | 'changes' | 'tabs' | 'seconds'} name */
function number(name) {
  const value = Number(values[name]);
  if (!(value > 0)) {
    throw new Error(`--${name}: wanted a number above 0, got ${values[name]}`);
  }
  return value;
}

const [services, clusters, changes, tabs, seconds] = [
  number('services'),
  number('clusters'),
  number('changes'),
  number('tabs'),
  number('seconds'),
];

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '..');
const scratch = fs.mkdtempSync(
  path.join(os.tmpdir(), 'greenroom-bench-kserve-'),
);
/** @type {import('node:child_process').ChildProcess[]} */
const children = [];
process.on('exit', () => {
  children.forEach(child => child.kill());
  fs.rmSync(scratch, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(1));
}

/** Our own sources in one file; what is installed stays where it is. */
async function bundleBackend() {
  const outfile = path.join(scratch, 'backend.cjs');
  const load = JSON.stringify(path.join(root, 'package.json'));
  await build({
    stdin: {
      contents:
        "export { createServices } from './services/createServices'; export { createRouter } from './router';",
      resolveDir: path.join(root, 'plugins/kserve-backend/src'),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    logLevel: 'warning',
    banner: {
      js: `require = require('node:module').createRequire(${load});`,
    },
    plugins: [
      {
        name: 'installed',
        setup({ onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path: name }) =>
            name.startsWith('@greenroom/')
              ? undefined
              : { path: name, external: true },
          );
        },
      },
    ],
  });
  return outfile;
}

/** @param {string} file @param {object} options @param {string[]} [execArgv] */
function start(file, options, execArgv = []) {
  const child = fork(
    path.join(here, 'kserve-watch', file),
    [JSON.stringify(options)],
    { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  children.push(child);
  return child;
}

/** The child's next message. @param {import('node:child_process').ChildProcess} child @returns {Promise<any>} */
function hear(child) {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`${child.spawnargs[1]} ended`));
    child.once('exit', onExit);
    child.once('message', message => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}

const bundle = await bundleBackend();
const servers = start('servers.mjs', { clusters, services, changes });
const { urls } = await hear(servers);

async function count() {
  servers.send('count');
  const { counts } = await hear(servers);
  return (
    counts.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b) /
    clusters
  );
}

/** @param {'watch' | 'poll'} way */
async function measure(way) {
  const portal = start(
    'portal.mjs',
    { way, urls, tabs, seconds, bundle, root },
    ['--expose-gc'],
  );
  await hear(portal);
  const startRequests = await count();
  servers.send('change');
  portal.send('go');
  const { result } = await hear(portal);
  servers.send('rest');
  return {
    ...result,
    startRequests,
    requestsPerServerAndMinute: ((await count()) / seconds) * 60,
  };
}

const watch = await measure('watch');
const poll = await measure('poll');
const ratios = {
  // At least: one request to one server where none was seen.
  requests:
    poll.requestsPerServerAndMinute /
    Math.max(watch.requestsPerServerAndMinute, 60 / seconds / clusters),
  answer: poll.answerMs.p50 / watch.answerMs.p50,
  age: poll.ageMs.p50 / watch.ageMs.p50,
};
const isKept = watch.answerMs.p99 <= 50;

if (values.json) {
  console.log(JSON.stringify({ watch, poll, ratios, isKept }, null, 2));
} else {
  /** @param {number} value */
  const figure = value => Number(value.toPrecision(3)).toString();
  /** @type {Array<[string, (row: any) => string]>} */
  const rows = [
    [
      'requests per API server and minute',
      row => figure(row.requestsPerServerAndMinute),
    ],
    ['requests per API server to begin with', row => figure(row.startRequests)],
    ['until all is known, s', row => figure(row.syncSeconds)],
    [
      'a tab is answered, ms (median, p99)',
      row => `${figure(row.answerMs.p50)}, ${figure(row.answerMs.p99)}`,
    ],

    [
      'a change is on the page after, ms (median, p99)',
      row => `${figure(row.ageMs.p50)}, ${figure(row.ageMs.p99)}`,
    ],
    [
      'event-loop delay, ms (median, p99, max)',
      row =>
        `${figure(row.loopDelayMs.p50)}, ${figure(row.loopDelayMs.p99)}, ${figure(row.loopDelayMs.max)}`,
    ],
    ['CPU, % of a core', row => figure(row.cpuPercent)],
    ['heap beyond the code, MB', row => figure(row.heapMB)],
    ['whole process, MB', row => figure(row.rssMB)],
  ];
  console.log(
    `${services} InferenceServices with a pod each on ${clusters} API servers, ${changes} changes/s, ${tabs} tabs, ${seconds} s\n`,
  );
  console.log(`${''.padEnd(50)}${'watched'.padEnd(22)}polled`);
  for (const [name, read] of rows) {
    console.log(`${name.padEnd(50)}${read(watch).padEnd(22)}${read(poll)}`);
  }
  console.log(
    `\nPolling asks each API server ${figure(ratios.requests)} times as often, answers a tab in ${figure(ratios.answer)} times the time, and shows a change ${figure(ratios.age)} times as late.`,
  );
  console.log(
    `A tab in 50 ms at most (p99 of ${watch.answers}): ${isKept ? 'yes' : 'NO'} (${figure(watch.answerMs.p99)} ms; an empty answer takes ${figure(watch.emptyMs.p99)} ms here, ${figure(watch.emptyMs.p50)} in the median).`,
  );
}
process.exit(isKept ? 0 : 1);
