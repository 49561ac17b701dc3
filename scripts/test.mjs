// Runs every suite of the project and closes with one line of totals. Started by
// `npm test` through scripts/greenroom.mjs, which prepares Node, the
// dependencies and the Python environment.
//
//   npm test                     everything
//   npm test -- jest journey     only the named suites
//   npm test -- templates --update   write docs/templates.md, which the suite makes
import { suites } from './lib/suites.mjs';

const seconds = started => `${((Date.now() - started) / 1000).toFixed(0)} s`;

const args = process.argv.slice(2);
const update = args.includes('--update');
const wanted = args.filter(arg => arg !== '--update');
const unknown = wanted.filter(name => !suites.some(s => s.name === name));
if (unknown.length > 0) {
  console.error(
    `No suite is called ${unknown.join(', ')}; there are: ${suites
      .map(suite => suite.name)
      .join(', ')}`,
  );
  process.exit(2);
}

const started = Date.now();
const total = { passed: 0, failed: 0, skipped: 0 };
const summary = [];
for (const suite of suites) {
  if (wanted.length > 0 && !wanted.includes(suite.name)) {
    continue;
  }
  console.log(`\n── ${suite.name}: ${suite.title}`);
  const suiteStarted = Date.now();
  let result;
  try {
    result = await suite.run({ update });
  } catch (error) {
    console.error(error);
    result = { passed: 0, failed: 1, skipped: 0 };
  }
  for (const key of Object.keys(total)) {
    total[key] += result[key];
  }
  for (const reason of result.reasons ?? []) {
    console.log(`   skipped: ${reason}`);
  }
  summary.push(
    `${result.failed === 0 ? '✓' : '✗'} ${suite.name.padEnd(12)} ${String(
      result.passed,
    ).padStart(
      4,
    )} passed ${result.failed} failed ${result.skipped} skipped  ${seconds(suiteStarted)}`,
  );
}

console.log(`\n${summary.join('\n')}\nAll suites: ${seconds(started)}`);
console.log(
  `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
