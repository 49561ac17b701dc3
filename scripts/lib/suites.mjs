// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lintWorkflows } from './lintWorkflows.mjs';
import { root, run } from './run.mjs';
import { runPythonTests } from './runPythonTests.mjs';

/**
 * @typedef {{ name: string, ms: number }} Duration
 *
 * @typedef {object} SuiteResult
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} [reasons] Why something was skipped.
 * @property {Duration[]} [durations] Of each test.
 * @property {string[]} [failures] What each failure said.
 *
 * @typedef {{ all: boolean, update: boolean, since?: string }} SuiteOptions
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} title
 * @property {number} cores How many it keeps busy.
 * @property {boolean} [nightly]
 * @property {RegExp} touchedBy
 * @property {(options: SuiteOptions) => Promise<SuiteResult>} run
 */

/** @param {string} name */
const bin = name => path.join(root, 'node_modules', '.bin', name);

/**
 * A check that has one outcome: its command ends well or it does not.
 *
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 */
async function check(name, command, args) {
  const { code, output } = await run(command, args, { quiet: true });
  console.log(`${code === 0 ? '✓' : '✗'} ${name}`);
  if (code !== 0) {
    console.log(output);
  }
  return code === 0;
}

/** @param {boolean[]} results */
function count(results) {
  return {
    passed: results.filter(Boolean).length,
    failed: results.filter(ok => !ok).length,
    skipped: 0,
  };
}

async function runChecks() {
  // A file that is no more would still be found there, before what took its place.
  fs.rmSync(path.join(root, 'dist-types'), { recursive: true, force: true });
  return count([
    await check('formatted as Prettier does', bin('prettier'), [
      '--check',
      '--log-level=warn',
      '.',
    ]),
    await check('linted (ESLint, every package)', bin('backstage-cli'), [
      'repo',
      'lint',
      '--max-warnings=0',
    ]),
    // From scratch, since an incremental run writes the members of inferred types,
    // which API reports show, in another order.
    await check('types (tsc)', bin('tsc'), ['--incremental', 'false']),
    await check('types of the scripts (tsc)', bin('tsc'), [
      '--project',
      'tsconfig.scripts.json',
    ]),
    await check('no unused file, export or dependency (knip)', bin('knip'), [
      '--no-progress',
      '--no-config-hints',
    ]),
    await check('API reports are up to date', bin('backstage-repo-tools'), [
      'api-reports',
      'plugins/*',
      'packages/triage-engine',
      'packages/ui',
      '--ci',
      '-o',
      'ae-wrong-input-file-type,ae-undocumented',
    ]),
    await check(
      'the bundle of the triage action is up to date',
      process.execPath,
      [path.join(root, 'scripts', 'action.mjs'), '--check'],
    ),
    await check('the wheel of greenroom-ml is up to date', process.execPath, [
      path.join(root, 'scripts', 'wheel.mjs'),
      '--check',
    ]),
    await check('configuration fits its schema', bin('backstage-cli'), [
      'config:check',
      '--strict',
      '--package=backend',
      '--config=app-config.yaml',
    ]),
  ]);
}

/** Runs node:test files and reads the totals of its own report. @param {string[]} files @param {NodeJS.ProcessEnv} [env] @returns {Promise<SuiteResult>} */
async function runNodeTests(files, env) {
  const { code, output } = await run(
    process.execPath,
    ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files],
    { env },
  );
  const total = (/** @type {string} */ word) =>
    Number(output.match(new RegExp(`^ℹ ${word} (\\d+)$`, 'm'))?.[1] ?? 0);
  const failed = total('fail') + total('cancelled');
  return {
    passed: total('pass'),
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: total('skipped') + total('todo'),
    reasons: [...output.matchAll(/^﹣ (.*# SKIP.*|.*skip.*)$/gim)].map(
      m => m[1],
    ),
    failures: output.split(/^✖ failing tests:$/m).slice(1),
    // Those at the left margin: the others are parts of them.
    durations: [...output.matchAll(/^[✔✖] (.*) \(([\d.]+)ms\)$/gm)].map(
      ([, name, ms]) => ({ name, ms: Number(ms) }),
    ),
  };
}

/** @param {string} directory */
function testFilesBelow(directory) {
  return fs
    .readdirSync(path.join(root, directory), {
      recursive: true,
      encoding: 'utf8',
    })
    .filter(file => file.endsWith('.test.mjs'))
    .map(file => path.join(directory, file));
}

/**
 * What is read of the report that Jest writes.
 *
 * @typedef {object} JestReport
 * @property {number} numRuntimeErrorTestSuites
 * @property {number} numFailedTests
 * @property {number} numPassedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ name: string, startTime: number, endTime: number, message: string, assertionResults: { status: string, fullName: string }[] }[]} testResults
 */

/** @param {SuiteOptions} options @returns {Promise<SuiteResult>} */
async function runJest({ since }) {
  const outputFile = path.join(
    fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-jest-')),
    'result.json',
  );
  const { code } = await run(
    bin('backstage-cli'),
    [
      'repo',
      'test',
      '--ci',
      // What a passing test prints, mostly warnings of Backstage's own components.
      '--silent',
      '--maxWorkers=2',
      '--workerIdleMemoryLimit=1500MB',
      '--json',
      `--outputFile=${outputFile}`,
      ...(since ? ['--since', since, '--passWithNoTests'] : []),
    ],
    { env: { CI: 'true' }, hideStdout: true },
  );
  if (!fs.existsSync(outputFile)) {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  /** @type {JestReport} */
  const report = JSON.parse(fs.readFileSync(outputFile, 'utf8'));
  const brokenFiles = report.numRuntimeErrorTestSuites;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    reasons: report.testResults.flatMap(file =>
      file.assertionResults
        .filter(({ status }) => status === 'pending' || status === 'todo')
        .map(test => test.fullName),
    ),
    failures: report.testResults.map(({ message }) => message).filter(Boolean),
    durations: report.testResults.map(({ name, startTime, endTime }) => ({
      name: path.relative(root, name),
      ms: endTime - startTime,
    })),
  };
}

/** Here, since many test files would wait for it, each with its own limit of time. */
async function runClusterBuild() {
  return count([
    await check(
      'the local cluster and its monitoring are built',
      process.execPath,
      [
        '--import',
        'tsx',
        path.join(root, 'scripts', 'lib', 'buildCluster.mjs'),
      ],
    ),
  ]);
}

/** Every figure of the triage engine that does not depend on the machine is a test. @returns {Promise<SuiteResult>} */
async function runEval() {
  const { code, output } = await run(
    process.execPath,
    [
      '--import',
      'tsx',
      path.join(root, 'eval', 'main.ts'),
      '--untimed',
      '--json',
    ],
    { hideStdout: true },
  );
  const start = output.indexOf('[\n');
  if (start < 0) {
    return { passed: 0, failed: Math.max(1, code), skipped: 0 };
  }
  /** @type {{ reached: boolean, what: string, value: number, target: number, bound: string, ceiling: number }[]} */
  const figures = JSON.parse(output.slice(start, output.lastIndexOf(']') + 1));
  for (const { reached, what, value, target, bound, ceiling } of figures) {
    const most =
      ceiling < target
        ? `, no more than ${Number(ceiling.toFixed(3))} fits`
        : '';
    console.log(
      `${reached ? '✓' : '✗'} ${what}: ${Number(value.toFixed(3))} (${bound} ${target}${most})`,
    );
  }
  return count(figures.map(({ reached }) => reached));
}

/**
 * What `npm test` starts, in this order: what fails fastest comes first, and one that keeps a
 * core busy beside another such. `cores` is how many a suite keeps busy. `touchedBy` says which
 * files can change the outcome of a suite, for `--changed`. What is `nightly` runs when it is
 * named, and with `--all`.
 *
 * @type {Suite[]}
 */
export const suites = [
  {
    name: 'checks',
    cores: 2,
    title: 'format, lint, types, API reports, configuration',
    touchedBy: /./,
    run: runChecks,
  },
  {
    name: 'workflows',
    cores: 1,
    title: 'actionlint and zizmor on the workflows of this repository',
    touchedBy: /^\.github\//,
    run: lintWorkflows,
  },
  {
    name: 'house',
    cores: 1,
    title: 'the rules of the house and the start script',
    touchedBy:
      /^(eslint|scripts|templates|docs|packages\/local-[^/]*)\/|^[^/]*$/,
    run: () =>
      runNodeTests([...testFilesBelow('eslint'), ...testFilesBelow('scripts')]),
  },
  {
    name: 'eval',
    cores: 1,
    title: 'the triage engine on labelled logs, secrets and injections',
    touchedBy: /^(eval|packages\/triage-engine|plugins\/triage-[^/]*)\//,
    run: runEval,
  },
  {
    name: 'journey',
    cores: 1,
    title: 'Create to a registered version, in Chromium',
    touchedBy:
      /^(packages|templates|e2e|plugins\/(mlflow|scaffolder|home|triage)[^/]*)\/|^app-config/,
    run: () => runNodeTests(['e2e/journey.test.mjs']),
  },
  {
    name: 'cluster',
    cores: 1,
    title:
      "the local cluster's servers and monitoring, built from their Go modules unless they are there",
    touchedBy: /^(packages\/local-platform|e2e|plugins\/kserve[^/]*)\//,
    run: runClusterBuild,
  },
  {
    name: 'templates',
    cores: 2,
    title: 'the combinations of the templates, rendered and linted',
    touchedBy: /^(templates|plugins\/scaffolder-[^/]*|scripts\/lib)\//,
    run: async options => {
      const { runMatrix } = await import('./templates/matrix.mjs');
      return runMatrix(options);
    },
  },
  {
    name: 'jest',
    cores: 2,
    title: 'plugins and packages, against a real MLflow, git and forge',
    touchedBy: /^(plugins|packages|templates|eval)\//,
    run: runJest,
  },
  {
    name: 'python',
    cores: 1,
    title:
      'greenroom-ml and its model server, with the libraries of a model repository',
    touchedBy: /^(packages\/greenroom-ml|templates\/model-service)\//,
    run: runPythonTests,
  },
  {
    name: 'serving',
    // Mostly it waits: for scrapes, for rules, for pods.
    cores: 1,
    title: 'a commit to an answering model, in Chromium, on a real cluster',
    touchedBy:
      /^(packages|templates|deploy|e2e|plugins\/(kserve|scaffolder|home)[^/]*)\/|^app-config/,
    run: () => runNodeTests(['e2e/serving.test.mjs']),
  },
  {
    name: 'models',
    cores: 2,
    title: 'every framework, format and task, trained, judged and served',
    touchedBy: /^(templates\/model-service|e2e|packages\/local-[^/]*)\//,
    run: ({ all }) =>
      runNodeTests(['--import=tsx', 'e2e/models.test.mjs'], {
        GREENROOM_TEST_ALL: String(all),
      }),
  },
  {
    name: 'adopt',
    cores: 2,
    title: 'every plugin as published, in an app that is not ours',
    touchedBy: /^(plugins|packages\/(http-security|triage-engine|ui)|e2e)\//,
    nightly: true,
    run: () => runNodeTests(['--import=tsx', 'e2e/adopt.test.mjs']),
  },
];
