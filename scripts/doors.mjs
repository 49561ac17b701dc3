// SPDX-License-Identifier: Apache-2.0

// Prints which doors a running platform has and who gets in, as the test of scripts/platform.test.mjs
// asserts it:
//
//   node scripts/greenroom.mjs exec -- node scripts/doors.mjs [--state DIR]
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findRunning } from '../packages/local-platform/bootstrap/state.mjs';
import { walkDoors } from './testing/doors/walkDoors.mjs';

const { values } = parseArgs({
  options: { state: { type: 'string', default: '.greenroom/state' } },
});
const stateDir = path.resolve(process.env.INIT_CWD ?? '.', values.state);
const running = findRunning(stateDir);
if (!running) {
  console.error(`No platform runs with ${stateDir}: start one with npm start.`);
  process.exit(2);
}
const { faults, report } = await walkDoors(running.pid);
process.stdout.write(report);
process.exit(faults.length > 0 ? 1 : 0);
