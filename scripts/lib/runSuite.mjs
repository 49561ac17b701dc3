// SPDX-License-Identifier: Apache-2.0

// Runs one suite in a process of its own and sends what it found to the one that started it:
//   node scripts/lib/runSuite.mjs NAME OPTIONS
import { suites } from './suites.mjs';

const [name, options] = process.argv.slice(2);
/** @type {import('./suites.mjs').SuiteResult} */
let result = { passed: 0, failed: 1, skipped: 0 };
try {
  const suite = suites.find(each => each.name === name);
  result = suite ? await suite.run(JSON.parse(options)) : result;
} catch (error) {
  console.error(error);
}
process.send?.(result, () => process.disconnect?.());
