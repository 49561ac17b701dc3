// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { root } from './run.mjs';

/**
 * @typedef {import('./suites.mjs').Suite} Suite
 * @typedef {import('./suites.mjs').SuiteResult} SuiteResult
 * @typedef {import('./suites.mjs').SuiteOptions} SuiteOptions
 */

const RUNNER = path.join(root, 'scripts', 'lib', 'runSuite.mjs');

/** Prints what suites that run at the same time say as if one ran after the other. */
class Output {
  #order;
  /** @type {Map<string, string>} */
  #held = new Map();
  /** @type {Set<string>} */
  #ended = new Set();

  /** @param {string[]} names */
  constructor(names) {
    this.#order = [...names];
  }

  /** @param {string} name @param {string} text */
  write(name, text) {
    if (name === this.#order[0]) {
      process.stdout.write(text);
    } else {
      this.#held.set(name, (this.#held.get(name) ?? '') + text);
    }
  }

  /** @param {string} name */
  end(name) {
    this.#ended.add(name);
    while (this.#ended.has(this.#order[0])) {
      this.#order.shift();
      process.stdout.write(this.#held.get(this.#order[0]) ?? '');
    }
  }
}

/**
 * @param {Suite} suite
 * @param {SuiteOptions} options
 * @param {(text: string) => void} onText
 * @returns {Promise<SuiteResult & { ms: number }>}
 */
function runApart(suite, options, onText) {
  const started = Date.now();
  const child = spawn(
    process.execPath,
    [RUNNER, suite.name, JSON.stringify(options)],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  );
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', onText);
  }
  /** @type {SuiteResult} */
  let result = { passed: 0, failed: 1, skipped: 0 };
  child.on('message', message => {
    result = /** @type {SuiteResult} */ (message);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve({ ...result, ms: Date.now() - started }));
  });
}

/**
 * Runs suites, the next one as soon as a core is free, and resolves with what each found, in
 * their order. The last to start may want more than is left: all of them wait at times.
 *
 * @param {Suite[]} suites
 * @param {SuiteOptions} options
 */
export async function runSuites(suites, options) {
  const output = new Output(suites.map(({ name }) => name));
  /** @type {Map<string, SuiteResult & { ms: number }>} */
  const results = new Map();
  const waiting = new Set(suites);
  /** @type {Map<string, Promise<void>>} */
  const running = new Map();
  let free = os.availableParallelism();
  /** @param {Suite} suite */
  const start = async suite => {
    const { name, title, cores } = suite;
    output.write(name, `\n── ${name}: ${title}\n`);
    results.set(
      name,
      await runApart(suite, options, text => output.write(name, text)),
    );
    output.end(name);
    free += cores;
    running.delete(name);
  };
  while (waiting.size + running.size > 0) {
    for (const suite of waiting) {
      if (free > 0) {
        waiting.delete(suite);
        free -= suite.cores;
        running.set(suite.name, start(suite));
      }
    }
    await Promise.race(running.values());
  }
  return suites.flatMap(({ name }) => {
    const result = results.get(name);
    return result ? [{ name, ...result }] : [];
  });
}
