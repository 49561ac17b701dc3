import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lintWorkflows } from './lintWorkflows.mjs';
import { root, run } from './run.mjs';

const bin = name => path.join(root, 'node_modules', '.bin', name);

/** A check that has one outcome: its command ends well or it does not. */
async function check(name, command, args, options) {
  const { code, output } = await run(command, args, {
    quiet: true,
    ...options,
  });
  console.log(`${code === 0 ? '✓' : '✗'} ${name}`);
  if (code !== 0) {
    console.log(output);
  }
  return code === 0;
}

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
    await check('API reports are up to date', bin('backstage-repo-tools'), [
      'api-reports',
      'plugins/*',
      '--ci',
      '-o',
      'ae-wrong-input-file-type,ae-undocumented',
    ]),
    await check('configuration fits its schema', bin('backstage-cli'), [
      'config:check',
      '--strict',
      '--package=backend',
      '--config=app-config.yaml',
    ]),
  ]);
}

/** Runs node:test files and reads the totals of its own report. */
async function runNodeTests(files, env) {
  const { code, output } = await run(
    process.execPath,
    ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files],
    { env },
  );
  const total = word =>
    Number(output.match(new RegExp(`^ℹ ${word} (\\d+)$`, 'm'))?.[1] ?? 0);
  const failed = total('fail') + total('cancelled');
  return {
    passed: total('pass'),
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: total('skipped') + total('todo'),
    reasons: [...output.matchAll(/^﹣ (.*# SKIP.*|.*skip.*)$/gim)].map(
      m => m[1],
    ),
    // Those at the left margin: the others are parts of them.
    durations: [...output.matchAll(/^[✔✖] (.*) \(([\d.]+)ms\)$/gm)].map(
      ([, name, ms]) => ({ name, ms: Number(ms) }),
    ),
  };
}

function testFilesBelow(directory) {
  return fs
    .readdirSync(path.join(root, directory), { recursive: true })
    .filter(file => file.endsWith('.test.mjs'))
    .map(file => path.join(directory, file));
}

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
    durations: report.testResults.map(({ name, startTime, endTime }) => ({
      name: path.relative(root, name),
      ms: endTime - startTime,
    })),
  };
}

/** Every figure of the triage engine that does not depend on the machine is a test. */
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
 * What `npm test` runs, in this order: what fails fastest comes first. `touchedBy` says which
 * files can change the outcome of a suite, for `--changed`. What is `nightly` runs when it is
 * named, and with `--all`.
 */
export const suites = [
  {
    name: 'checks',
    title: 'format, lint, types, API reports, configuration',
    touchedBy: /./,
    run: runChecks,
  },
  {
    name: 'workflows',
    title: 'actionlint and zizmor on the workflows of this repository',
    touchedBy: /^\.github\//,
    run: lintWorkflows,
  },
  {
    name: 'templates',
    title: 'the combinations of the templates, rendered and linted',
    touchedBy: /^(templates|plugins\/scaffolder-[^/]*|scripts\/lib)\//,
    run: async options => {
      const { runMatrix } = await import('./templates/matrix.mjs');
      return runMatrix(options);
    },
  },
  {
    name: 'house',
    title: 'the rules of the house and the start script',
    touchedBy:
      /^(eslint|scripts|templates|docs|packages\/local-platform)\/|^[^/]*$/,
    run: () =>
      runNodeTests([...testFilesBelow('eslint'), ...testFilesBelow('scripts')]),
  },
  {
    name: 'eval',
    title: 'the triage engine on labelled logs, secrets and injections',
    touchedBy: /^(eval|plugins\/triage-[^/]*)\//,
    run: runEval,
  },
  {
    name: 'jest',
    title: 'plugins and packages, against a real MLflow, git and forge',
    touchedBy: /^(plugins|packages|templates|eval)\//,
    run: runJest,
  },
  {
    name: 'journey',
    title: 'Create to a registered version, in Chromium',
    touchedBy:
      /^(packages|templates|e2e|plugins\/(mlflow|scaffolder|home)[^/]*)\/|^app-config/,
    run: () => runNodeTests(['e2e/journey.test.mjs']),
  },
  {
    name: 'models',
    title: 'every framework, format and task, trained, judged and served',
    touchedBy: /^(templates\/model-service|e2e|packages\/local-platform)\//,
    run: ({ all }) =>
      runNodeTests(['--import=tsx', 'e2e/models.test.mjs'], {
        GREENROOM_TEST_ALL: String(all),
      }),
  },
  {
    name: 'adopt',
    title: 'every plugin as published, in an app that is not ours',
    touchedBy: /^(plugins|packages\/(http-security|triage-engine)|e2e)\//,
    nightly: true,
    run: () => runNodeTests(['--import=tsx', 'e2e/adopt.test.mjs']),
  },
];
