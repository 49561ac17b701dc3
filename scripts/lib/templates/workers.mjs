// SPDX-License-Identifier: Apache-2.0
import { fork } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

/** Renderings at once in one worker: while one waits for the disk, another computes. */
const AT_ONCE = 2;

/**
 * Renders combinations in as many processes as there are cores, at most four.
 *
 * @param {Array<{ combination: import('./combinations.mjs').Combination, directory?: string }>} jobs
 *   `directory`: where the repository is to be written; else it is only checked.
 * @returns {Promise<string[][]>} The findings of each job.
 */
export async function renderAll(jobs) {
  const findings = jobs.map(() => /** @type {string[]} */ ([]));
  let next = 0;
  const count = Math.min(
    os.availableParallelism(),
    4,
    Math.ceil(jobs.length / 8) || 1,
  );
  await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const worker = fork(path.join(import.meta.dirname, 'worker.mjs'));
          let running = 0;
          const give = () => {
            while (running < AT_ONCE && next < jobs.length) {
              const id = next;
              next += 1;
              running += 1;
              const { combination, directory } = jobs[id];
              const { template, values } = combination;
              worker.send({ id, template, values, directory });
            }
            if (running === 0) {
              worker.disconnect();
            }
          };
          worker.on('message', (/** @type {any} */ message) => {
            if (!message.ready) {
              running -= 1;
              findings[message.id] = message.findings;
            }
            give();
          });
          worker.on('error', reject);
          worker.on('exit', code =>
            running === 0 && code === 0
              ? resolve(undefined)
              : reject(new Error(`A worker ended with ${code} in its work.`)),
          );
        }),
    ),
  );
  return findings;
}
