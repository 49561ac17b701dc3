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
const TEST_LOCK = path.join(PACKAGE, 'test.lock');

/**
 * Installs what the tests need, once for the same locks: the libraries of a repository that the
 * template makes, but greenroom-ml itself, which is tested as it stands.
 *
 * @returns {Promise<string>} the path of the Python
 */
async function install() {
  // The wheel follows from the source, and would be there before it.
  const libraries = fs
    .readFileSync(TEMPLATE_LOCK, 'utf8')
    .replace(/^\.\/vendor\/greenroom_ml-.*(?:\\\n.*)+/m, '');
  const tests = fs.readFileSync(TEST_LOCK, 'utf8');
  const lock = `${libraries}\n${tests}`;
  const digest = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const environment = path.join(
    root,
    '.greenroom/cache/envs',
    `greenroom-ml-${digest}`,
  );
  const python = path.join(environment, 'bin', 'python');
  const complete = path.join(environment, 'complete');
  if (fs.existsSync(complete)) {
    return python;
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-python-'));
  try {
    const file = path.join(folder, 'requirements.lock');
    fs.writeFileSync(file, lock);
    const uv = process.env.GREENROOM_UV ?? 'uv';
    for (const args of [
      ['venv', '--quiet', '--clear', environment],
      ['pip', 'sync', '--quiet', '--python', python, '--require-hashes', file],
    ]) {
      const { code } = await run(uv, args, { env: uvSettings(findPython()) });
      if (code !== 0) {
        throw new Error(`uv ${args[0]} ended with ${code}`);
      }
    }
    fs.writeFileSync(complete, '');
    return python;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs the tests of packages/greenroom-ml and reads the totals of pytest's own report.
 *
 * @returns {Promise<import('./suites.mjs').SuiteResult>}
 */
export async function runPythonTests() {
  const python = await install();
  const { code, output } = await run(
    python,
    [
      ...['-m', 'pytest', '--quiet', '--disable-warnings', '--durations=5'],
      ...['-p', 'no:cacheprovider', '--color=no', 'tests'],
    ],
    {
      cwd: PACKAGE,
      env: {
        PYTHONPATH: path.join(PACKAGE, 'src'),
        PYTHONDONTWRITEBYTECODE: '1',
      },
    },
  );
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
