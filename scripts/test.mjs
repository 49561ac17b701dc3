// SPDX-License-Identifier: Apache-2.0

// Runs every suite of the project and closes with one line of totals. Started by
// `npm test` through scripts/greenroom.mjs, which prepares Node, the
// dependencies and the Python environment.
//
//   npm test                     everything but what only the night runs
//   npm test -- jest journey     only the named suites
//   npm test -- --changed [REF]  only what a change since REF (default: main, or on main the
//                                last commit) can break
//   npm test -- --all            all of it: every combination, every pipeline, and adopt
//   npm test -- templates --update   write docs/templates.md, which the suite makes
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { root } from './lib/run.mjs';
import { runSuites } from './lib/runSuites.mjs';
import { suites } from './lib/suites.mjs';

const SLOWEST = 10;
/** Of what a suite's failures said, what the end repeats: a log that is cut keeps its end. */
const REPEATED_CHARACTERS = 6_000;
const REPEATED_LINE = 300;

/** @param {number} ms */
const seconds = ms => `${(ms / 1000).toFixed(0)} s`;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        all: { type: 'boolean', default: false },
        changed: { type: 'boolean', default: false },
        update: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    return process.exit(2);
  }
}

/** What differs from the commit at which this line of work began, new files included. @param {string} [ref] */
function findChanges(ref) {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const onMain = git('rev-parse', '--abbrev-ref', 'HEAD') === 'main';
  const since = git('merge-base', ref ?? (onMain ? 'HEAD~1' : 'main'), 'HEAD');
  const files = [
    git('diff', '--name-only', since),
    git('ls-files', '--others', '--exclude-standard'),
  ];
  return { since, files: files.join('\n').split('\n').filter(Boolean) };
}

const { values, positionals } = readArguments();
const { all, update } = values;
const isSuite = (/** @type {string} */ name) =>
  suites.some(suite => suite.name === name);
// The one word that may follow --changed and be no suite is the commit.
const refs = values.changed
  ? positionals.filter(name => !isSuite(name)).slice(0, 1)
  : [];
const wanted = positionals.filter(name => !refs.includes(name));
const unknown = wanted.filter(name => !isSuite(name));
if (unknown.length > 0) {
  console.error(
    `No suite is called ${unknown.join(', ')}; there are: ${suites
      .map(suite => suite.name)
      .join(', ')}`,
  );
  process.exit(2);
}
const changes = values.changed ? findChanges(refs[0]) : undefined;
const chosen = suites.filter(
  ({ name, touchedBy, nightly }) =>
    (wanted.includes(name) || (wanted.length === 0 && (all || !nightly))) &&
    (!changes || changes.files.some(file => touchedBy.test(file))),
);
if (changes) {
  console.log(
    `${changes.files.length} files differ from ${changes.since.slice(0, 7)}: ${
      chosen.map(({ name }) => name).join(', ') || 'nothing to run'
    }`,
  );
}

const started = Date.now();
const results = await runSuites(chosen, {
  all,
  update,
  since: changes?.since,
});
/** @param {'passed' | 'failed' | 'skipped'} key */
const sum = key => results.reduce((total, result) => total + result[key], 0);
const total = {
  passed: sum('passed'),
  failed: sum('failed'),
  skipped: sum('skipped'),
};
const summary = results.map(
  ({ name, passed, failed, skipped, ms }) =>
    `${failed === 0 ? '✓' : '✗'} ${name.padEnd(12)} ${String(passed).padStart(
      4,
    )} passed ${failed} failed ${skipped} skipped  ${seconds(ms)}`,
);
const durations = results.flatMap(result => result.durations ?? []);

for (const { name, reasons = [] } of results) {
  for (const reason of reasons) {
    console.log(`skipped in ${name}: ${reason}`);
  }
}
if (durations.length > 0) {
  console.log('\nThe slowest tests (of jest: test files)');
  for (const { name, ms } of durations
    .sort((a, b) => b.ms - a.ms)
    .slice(0, SLOWEST)) {
    console.log(`${seconds(ms).padStart(6)}  ${name}`);
  }
}
for (const { name, failures = [] } of results) {
  if (failures.length > 0) {
    console.log(`\n── What failed in ${name}`);
    const lines = failures.join('\n').split('\n');
    const text = lines.map(line => line.slice(0, REPEATED_LINE)).join('\n');
    console.log(text.slice(0, REPEATED_CHARACTERS));
  }
}
console.log(
  `\n${summary.join('\n')}\nAll suites: ${seconds(Date.now() - started)}`,
);
console.log(
  `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
);
const isEmpty = changes !== undefined && chosen.length === 0;
process.exit(total.failed === 0 && (total.passed > 0 || isEmpty) ? 0 : 1);
