// Runs one suite in a process of its own and sends what it found to the one that started it:
//   node scripts/lib/runSuite.mjs NAME OPTIONS
import { suites } from './suites.mjs';

const [name, options] = process.argv.slice(2);
const { run } = suites.filter(suite => suite.name === name)[0];
/** @type {import('./suites.mjs').SuiteResult} */
let result;
try {
  result = await run(JSON.parse(options));
} catch (error) {
  console.error(error);
  result = { passed: 0, failed: 1, skipped: 0 };
}
process.send?.(result, undefined, undefined, () => process.disconnect?.());
