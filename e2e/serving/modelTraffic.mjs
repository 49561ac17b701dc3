// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {Record<string, number>} Row By column.
 *
 * @typedef {object} ModelProcess
 * @property {number} pid
 * @property {number} port On the loopback address.
 * @property {string} path The container's search path.
 */

/** Processes of the model's container that run now, by the records of the kubelet. @param {string} stateDir @returns {ModelProcess[]} */
export function findModelProcesses(stateDir) {
  const pods = path.join(stateDir, 'cluster', 'kubelet', 'pods');
  return fs
    .readdirSync(pods, { recursive: true, encoding: 'utf8' })
    .filter(file => /kserve-container\/(?:.*\/)?record\.json$/.test(file))
    .map(file => JSON.parse(fs.readFileSync(path.join(pods, file), 'utf8')))
    .filter(({ process, terminated }) => process && !terminated)
    .map(({ process, ports, command }) => ({
      pid: process.pid,
      port: ports[0][1],
      path: command.env.PATH,
    }));
}

/** The rows of scikit-learn's wine data, as the served model wants them: it brings the library along. @param {ModelProcess} model @returns {Row[]} */
export function readWines(model) {
  const code =
    'import json; from sklearn.datasets import load_wine; ' +
    'print(load_wine(as_frame=True).data.to_json(orient="records"))';
  const python = execFileSync('python3', ['-c', code], {
    encoding: 'utf8',
    env: { PATH: model.path },
  });
  return JSON.parse(python);
}

/** Asks whatever model serves, again and again, as its callers do. */
export class ModelTraffic {
  #stateDir;
  #name;
  #ended = new AbortController();
  /** @type {Promise<void>} */
  #running;
  /** Rows that were answered. */
  answered = 0;

  /**
   * @param {object} options
   * @param {string} options.stateDir
   * @param {string} options.name Of the model.
   * @param {Row[]} options.rows They take turns.
   * @param {number} options.rowsAtOnce In one request.
   * @param {number} options.everyMs Between the starts of two requests, or as long as one takes.
   */
  constructor({ stateDir, name, ...load }) {
    this.#stateDir = stateDir;
    this.#name = name;
    this.#running = this.#run(load);
  }

  async stop() {
    this.#ended.abort();
    await this.#running;
  }

  /** @param {{ rows: Row[], rowsAtOnce: number, everyMs: number }} load */
  async #run({ rows, rowsAtOnce, everyMs }) {
    const { signal } = this.#ended;
    for (let at = 0; !signal.aborted; at += rowsAtOnce) {
      const asked = Array.from(
        { length: rowsAtOnce },
        (_, place) => rows[(at + place) % rows.length],
      );
      const pause = sleep(everyMs, undefined, { signal }).catch(() => {});
      await this.#ask(asked);
      await pause;
    }
  }

  /** @param {Row[]} rows */
  async #ask(rows) {
    const inputs = Object.keys(rows[0]).map(name => ({
      name,
      datatype: 'FP64',
      shape: [rows.length],
      data: rows.map(row => row[name]),
    }));
    for (const { port } of findModelProcesses(this.#stateDir)) {
      // One that starts, crashes or ends does not answer; another may.
      const answer = await fetch(
        `http://127.0.0.1:${port}/v2/models/${this.#name}/infer`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ inputs }),
          signal: AbortSignal.any([
            this.#ended.signal,
            AbortSignal.timeout(20_000),
          ]),
        },
      ).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.ok) {
        this.answered += rows.length;
        return;
      }
    }
  }
}
