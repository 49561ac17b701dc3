// SPDX-License-Identifier: Apache-2.0
import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const ORGANIZATION = 'greenroom-demo';
const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');
const RUN_TIMEOUT_MS = 30 * 60_000;
const AUTHOR = ['-c', 'user.name=Jane', '-c', 'user.email=jane@example.com'];

/**
 * A repository that a template makes, on forge: its work tree here, its pipeline in
 * forge's runner, and what GitHub's API says of its runs.
 */
export class Workbench {
  #forge;
  #folder;

  /**
   * @param {{ url: string, apiUrl: string, host: string, token: string }} forge
   * @param {string} folder of the work tree; made here.
   * @param {{ template: string, workflow: string, values: (host: string) => object }} kind
   */
  constructor(forge, folder, kind) {
    this.#forge = forge;
    this.#folder = folder;
    this.kind = kind;
  }

  get folder() {
    return this.#folder;
  }

  get slug() {
    return `${ORGANIZATION}/${this.name}`;
  }

  /** Renders, publishes and pushes; resolves with the first run. */
  async create(variables) {
    const values = this.kind.values(this.#forge.host);
    this.name = values.name;
    const rendering = promisify(execFile)(
      'npm',
      // prettier-ignore
      ['run', '--silent', 'template', '--', 'render', this.kind.template, '--values', '-', '--out', this.#folder],
      { cwd: ROOT },
    );
    rendering.child.stdin.end(JSON.stringify(values));
    await rendering;
    await this.api(`/orgs/${ORGANIZATION}/repos`, { name: this.name });
    for (const [name, value] of Object.entries(variables)) {
      await this.api(`/repos/${this.slug}/actions/variables`, { name, value });
    }
    this.git('init', '--quiet', '--initial-branch=main');
    this.commit('Create the repository');
    return this.push();
  }

  git(...args) {
    return execFileSync('git', args, {
      cwd: this.#folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    }).trimEnd();
  }

  commit(message) {
    this.git('add', '--all');
    this.git(...AUTHOR, 'commit', '--quiet', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** Puts the branch where the work tree is; resolves with the run that this starts. */
  async push() {
    const remote = new URL(`${this.#forge.url}/${this.slug}.git`);
    remote.username = 'x-access-token';
    remote.password = this.#forge.token;
    const before = new Set((await this.#runs()).map(({ id }) => id));
    this.git('push', '--quiet', '--force', remote.href, 'HEAD:main');
    for (let tries = 0; tries < 60; tries++) {
      const run = (await this.#runs()).find(({ id }) => !before.has(id));
      if (run) {
        return run;
      }
      await sleep(1000);
    }
    throw new Error(`A push to ${this.slug} started no run`);
  }

  async #runs() {
    const { workflow_runs: runs } = await this.json(
      `/repos/${this.slug}/actions/runs?per_page=100`,
    );
    return runs.filter(({ path }) => path.endsWith(`/${this.kind.workflow}`));
  }

  /** Waits until a step of the run is at work, and then until it prints for a while. */
  async runningStep(run, job, step) {
    for (const end = Date.now() + RUN_TIMEOUT_MS; Date.now() < end;) {
      const found = (await this.jobs(run))
        .find(({ name }) => name === job)
        ?.steps?.find(({ name }) => name === step);
      if (found?.status === 'in_progress') {
        await sleep(8000);
        return;
      }
      await sleep(1000);
    }
    throw new Error(`${step} of ${job} did not start`);
  }

  async completed(run) {
    for (const end = Date.now() + RUN_TIMEOUT_MS; Date.now() < end;) {
      const now = await this.json(`/repos/${this.slug}/actions/runs/${run.id}`);
      if (now.status === 'completed') {
        return now;
      }
      await sleep(1000);
    }
    throw new Error(`Run ${run.id} of ${this.slug} did not end`);
  }

  async jobs(run) {
    const { jobs } = await this.json(
      `/repos/${this.slug}/actions/runs/${run.id}/jobs?per_page=100`,
    );
    return jobs;
  }

  /** The zip archive of a run's logs. */
  async logs(run) {
    return this.#bytes(`/repos/${this.slug}/actions/runs/${run.id}/logs`);
  }

  /** The zip archives of a run's artifacts, by name. */
  async artifacts(run) {
    const { artifacts } = await this.json(
      `/repos/${this.slug}/actions/runs/${run.id}/artifacts`,
    );
    const archives = new Map();
    for (const { id, name } of artifacts) {
      archives.set(
        name,
        await this.#bytes(`/repos/${this.slug}/actions/artifacts/${id}/zip`),
      );
    }
    return archives;
  }

  async #bytes(route) {
    return Buffer.from(await (await this.api(route)).arrayBuffer());
  }

  async json(route) {
    return (await this.api(route)).json();
  }

  /** GitHub's REST API; a body makes it a POST. */
  async api(route, body, method = body === undefined ? 'GET' : 'POST') {
    const response = await fetch(`${this.#forge.apiUrl}${route}`, {
      method,
      headers: { authorization: `Bearer ${this.#forge.token}` },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${route}: ${response.status} ${await response.text()}`);
    }
    return response;
  }

  /** Reads, changes and writes a file of the work tree; a change that changes nothing is an error. */
  edit(file, change) {
    const target = path.join(this.#folder, file);
    const before = fs.existsSync(target) ? fs.readFileSync(target, 'utf8') : '';
    const after = change(before);
    if (after === before) {
      throw new Error(`${file} does not hold what is to be changed any more`);
    }
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, after);
  }
}
