// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  findPython,
  uvSettings,
} from '../../packages/local-platform/bootstrap/python.mjs';
import { root, run } from './run.mjs';

const PACKAGE = path.join(root, 'packages', 'greenroom-ml');
// What trains a model on a laptop, with ONNX beside it, so that nothing is passed over.
const TEMPLATE_LOCK = path.join(
  root,
  'templates/model-service/requirements/scikit-learn-onnx/requirements.lock',
);
// What the server of such a model runs with.
const SERVER_LOCK = path.join(
  root,
  'templates/model-service/requirements/scikit-learn/requirements-serve.lock',
);
const VENDOR = path.join(root, 'templates/model-service/skeleton/vendor');
// One server each, and not one for each way in which it may not start.
const QUICK = ['TinyModelTest', 'PlantedDriftTest'];
const TEST_LOCK = path.join(PACKAGE, 'test.lock');

/**
 * Installs what locks name, once for the same locks: the libraries of a repository that the template
 * makes, and greenroom-ml for its version and licence; its source comes before it on the path.
 *
 * @param {string} name Of the environment.
 * @param {string[]} locks
 * @returns {Promise<string>} the path of the Python
 */
async function install(name, locks) {
  // Its wheel changes with each change of the source.
  const lock = locks
    .map(file => fs.readFileSync(file, 'utf8'))
    .join('\n')
    .replace(/^\.\/vendor\/greenroom_ml-.*(?:\\\n.*)+/gm, '');
  const digest = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const environment = path.join(
    root,
    '.greenroom/cache/envs',
    `${name}-${digest}`,
  );
  const python = path.join(environment, 'bin', 'python');
  const complete = path.join(environment, 'complete');
  const uv = process.env.GREENROOM_UV ?? 'uv';
  if (!fs.existsSync(complete)) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-python-'));
    try {
      const file = path.join(folder, 'requirements.lock');
      fs.writeFileSync(file, lock);
      for (const args of [
        ['venv', '--quiet', '--clear', environment],
        [
          ...['pip', 'sync', '--quiet', '--python', python],
          ...['--require-hashes', file],
        ],
      ]) {
        const { code } = await run(uv, args, { env: uvSettings(findPython()) });
        if (code !== 0) {
          throw new Error(`uv ${args[0]} ended with ${code}`);
        }
      }
      fs.writeFileSync(complete, '');
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
  const wheel = fs.readdirSync(VENDOR).map(file => path.join(VENDOR, file));
  await run(uv, [
    ...['pip', 'install', '--quiet', '--no-deps', '--reinstall'],
    ...['--python', python, ...wheel],
  ]);
  return python;
}

/**
 * Runs Python on the source of greenroom-ml.
 *
 * @param {string} python
 * @param {string[]} args
 */
function runOnSource(python, args) {
  return run(python, args, {
    cwd: PACKAGE,
    env: {
      // Absolute, since a server runs in the repository of its model.
      PYTHONPATH: path.join(PACKAGE, 'src'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
}

/** @returns {Promise<import('./suites.mjs').SuiteResult>} the totals of pytest's own report */
async function runPytest() {
  const python = await install('greenroom-ml', [TEMPLATE_LOCK, TEST_LOCK]);
  const { code, output } = await runOnSource(python, [
    ...['-m', 'pytest', '--quiet', '--disable-warnings', '--durations=5'],
    ...['-p', 'no:cacheprovider', '--color=no', 'tests'],
  ]);
  const total = (/** @type {string} */ word) =>
    Number(
      output.match(
        new RegExp(`^.*\\b(\\d+) ${word}s?\\b.* in [\\d.]+s`, 'm'),
      )?.[1] ?? 0,
    );
  const failed = total('failed') + total('error');
  return {
    passed: total('passed'),
    // A crash reports no failed test.
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: total('skipped'),
    failures: output.match(/^(?:FAILED|ERROR) .+$/gm) ?? [],
  };
}

/**
 * Asks the real server over HTTP; `all` also starts one for each way to end and to begin.
 *
 * @param {boolean} all
 * @returns {Promise<import('./suites.mjs').SuiteResult>} the totals of unittest's own report
 */
async function runServerTests(all) {
  const python = await install('greenroom-ml-serve', [SERVER_LOCK]);
  const { code, output } = await runOnSource(python, [
    ...['-m', 'unittest', 'discover', '-s', 'tests_serve'],
    ...(all ? [] : QUICK.flatMap(name => ['-k', name])),
  ]);
  const total = (/** @type {RegExp} */ count) =>
    Number(output.match(count)?.[1] ?? 0);
  const ran = total(/^Ran (\d+) tests? in /m);
  const failed =
    total(/^FAILED \(.*failures=(\d+)/m) + total(/^FAILED \(.*errors=(\d+)/m);
  const skipped = total(/^(?:OK|FAILED) \(.*skipped=(\d+)/m);
  return {
    passed: Math.max(0, ran - failed - skipped),
    // A crash reports no failed test, and a name that is no more runs none.
    failed: (code !== 0 || ran === 0) && failed === 0 ? 1 : failed,
    skipped,
    failures: output.match(/^(?:FAIL|ERROR): .+$/gm) ?? [],
  };
}

/**
 * Runs the tests of packages/greenroom-ml: of the package, and of its model server.
 *
 * @param {{ all: boolean }} options
 * @returns {Promise<import('./suites.mjs').SuiteResult>}
 */
export async function runPythonTests({ all }) {
  const results = [await runPytest(), await runServerTests(all)];
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    results.reduce((total, result) => total + result[key], 0);
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    failures: results.flatMap(({ failures = [] }) => failures),
  };
}
