// SPDX-License-Identifier: Apache-2.0

// How fast is the reduction of a log, beside `grep -c` on the same file?
//
//   node benchmarks/reduce.mjs [--data DIR] [--megabytes 100] [--json]
//
// The labelled logs of eval/log-reduction (or those in DIR) are repeated until there is enough of them: once those
// of failing runs, once those of passing ones. Each program runs three times, in turn; the best counts.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleTriage } from '../scripts/lib/bundleTriage.mjs';

const MB = 1e6;
const RUNS = 3;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    megabytes: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  },
});
const megabytes = Number(values.megabytes);
if (!(megabytes > 0)) {
  throw new Error(
    `--megabytes: wanted a number above 0, got ${values.megabytes}`,
  );
}

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const scratch = fs.mkdtempSync(
  path.join(os.tmpdir(), 'greenroom-bench-reduce-'),
);
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(1));
}

function unpackData() {
  const archive = path.join(root, 'eval', 'log-reduction', 'data.tar.gz');
  run('tar', ['-xzf', archive, '-C', scratch]);
  return scratch;
}

/** @param {string} command @param {string[]} args @param {string} [input] */
function run(command, args, input) {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * MB,
  });
  if (error || status !== 0) {
    throw new Error(`${command} failed: ${error?.message ?? stderr}`);
  }
  return { seconds: (performance.now() - started) / 1000, stdout, stderr };
}

/** @param {string[]} files @param {string} target */
function repeat(files, target) {
  const out = fs.openSync(target, 'w');
  const logs = files.sort().map(file => fs.readFileSync(file));
  let written = 0;
  for (let i = 0; written < megabytes * MB; i++) {
    written += fs.writeSync(out, logs[i % logs.length]);
  }
  fs.closeSync(out);
  return target;
}

const MEASURED = `
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    process.stderr.write(JSON.stringify({ maxRSS, cpu: userCPUTime + systemCPUTime }));
  });
  require(process.argv[1]).main(['reduce']);`;

/** @param {string} bundle @param {string} log @param {string | null} baseline */
function reduce(bundle, log, baseline) {
  const request = { id: 'log', log, baseline, budgetTokens: 4000 };
  const { seconds, stdout, stderr } = run(
    process.execPath,
    ['-e', MEASURED, bundle],
    `${JSON.stringify(request)}\n`,
  );
  if (JSON.parse(stdout).lines.length === 0) {
    throw new Error(`the reduction kept nothing: ${stdout}`);
  }
  const { maxRSS, cpu } = JSON.parse(stderr);
  return { seconds, rssMB: (maxRSS * 1024) / MB, cpuSeconds: cpu / 1e6 };
}

/**
 * @template {{ seconds: number }} Run
 * @param {Run[]} runs
 */
function best(runs) {
  return runs.reduce((a, b) => (b.seconds < a.seconds ? b : a));
}

const data = values.data ?? unpackData();
const logs = fs
  .readdirSync(data, { recursive: true })
  .map(file => path.join(data, String(file)))
  .filter(file => file.endsWith('.log'));
const passing = logs.filter(file => path.basename(file) === 'pass.log');
const fail = repeat(
  logs.filter(file => !passing.includes(file)),
  path.join(scratch, 'fail.txt'),
);
const pass = repeat(passing, path.join(scratch, 'pass.txt'));
// A copy: the cache lets go of it when a source is edited meanwhile.
const bundle = path.join(scratch, 'triage.cjs');
fs.copyFileSync(await bundleTriage(), bundle);

const rounds = Array.from({ length: RUNS }, () => ({
  grep: run('grep', ['-c', 'error', fail]),
  alone: reduce(bundle, fail, null),
  compared: reduce(bundle, fail, pass),
}));
const size = fs.statSync(fail).size;
const grep = best(rounds.map(round => round.grep));
const rows = /** @type {const} */ ([
  ['alone', 'reduce', size],
  ['compared', 'reduce, with a passing log', size + fs.statSync(pass).size],
]).map(([key, what, bytes]) => {
  const { seconds, rssMB, cpuSeconds } = best(rounds.map(round => round[key]));
  return {
    what,
    megabytes: bytes / MB,
    megabytesPerSecond: bytes / MB / seconds,
    megabytesPerCpuSecond: bytes / MB / cpuSeconds,
    timesGrep: seconds / grep.seconds / (bytes / size),
    rssMB,
  };
});

if (values.json) {
  console.log(
    JSON.stringify(
      { rows, grepMegabytesPerSecond: size / MB / grep.seconds },
      null,
      2,
    ),
  );
} else {
  console.log(`grep -c error: ${Math.round(size / MB / grep.seconds)} MB/s`);
  for (const row of rows) {
    console.log(
      `${row.what}: ${Math.round(row.megabytes)} MB at ${Math.round(row.megabytesPerSecond)} MB/s ` +
        `(${Math.round(row.megabytesPerCpuSecond)} MB per second of one core), ` +
        `${row.timesGrep.toFixed(1)} times grep's time, ${Math.round(row.rssMB)} MB of memory`,
    );
  }
}
