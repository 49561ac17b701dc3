// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from './Problem.mjs';
import { killRecordedParts } from './partRecords.mjs';
import { findRunning, requireStateFolder } from './state.mjs';

/**
 * Removes a state folder with all its data.
 *
 * @param {string} stateDir
 * @returns {number}
 */
export function resetState(stateDir) {
  const shown = path.relative(process.cwd(), stateDir) || stateDir;
  if (!fs.existsSync(stateDir)) {
    process.stdout.write(`Nothing to reset: ${shown} does not exist.\n`);
    return 0;
  }
  requireStateFolder(stateDir);
  const running = findRunning(stateDir);
  if (running) {
    throw new Problem(
      `Greenroom is running with this state folder (pid ${running.pid}).`,
      `End it with Ctrl-C in its terminal (or: kill ${running.pid}), then run \`npm run reset\` again.`,
    );
  }
  killRecordedParts(stateDir);
  fs.rmSync(stateDir, { recursive: true, force: true, maxRetries: 3 });
  process.stdout.write(
    `Removed ${shown}. The next start makes everything anew; the toolchain stays.\n`,
  );
  return 0;
}
