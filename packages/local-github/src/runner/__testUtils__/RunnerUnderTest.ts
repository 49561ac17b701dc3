// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ensurePythonEnvironment } from '../../testing/ensurePythonEnvironment';
import { jobCacheDir } from '../execution/isolation/jobView';
import { RepositoryUnderTest, type ForgeClient } from './RepositoryUnderTest';

const main = require.resolve('../../forge/main');
const TOKEN = 'test-admin-token';

/** forge and runner as a process of their own, as the platform starts them. */
export class RunnerUnderTest implements ForgeClient {
  readonly root: string;
  readonly workDir: string;
  /** A folder that jobs may write to, for what they tell the test while they run; there after `start`. */
  exchange = '';
  url = '';
  stderr = '';
  #child?: ChildProcess;
  #port = 0;
  #count = 0;
  readonly #options: { isolation?: string[] };

  /** Keeps all data in a folder that is made in `parent`; `options` are further ones of the runner. */
  constructor(parent = os.tmpdir(), options: { isolation?: string[] } = {}) {
    this.#options = options;
    this.root = mkdtempSync(path.join(parent, 'greenroom-runner-'));
    this.workDir = path.join(this.root, 'runner');
  }

  /** Starts, or starts again with the same data. */
  async start(env: Record<string, string> = {}): Promise<void> {
    const { uv, cacheDir, python } = await ensurePythonEnvironment();
    this.exchange = path.join(jobCacheDir(cacheDir), path.basename(this.root));
    mkdirSync(this.exchange, { recursive: true });
    const options = {
      dataDir: path.join(this.root, 'forge'),
      port: this.#port,
      adminToken: TOKEN,
      organizations: ['acme'],
      users: ['guest', 'jane', 'ravi', 'wim', 'mia'],
      runner: {
        workDir: this.workDir,
        cacheDir,
        uv,
        python,
        hiddenDirs: [this.root],
        maxJobs: 2,
        ...this.#options,
      },
    };
    const child = spawn(
      process.execPath,
      ['--import', require.resolve('tsx'), main],
      {
        cwd: path.dirname(main),
        env: { ...process.env, NODE_OPTIONS: '', ...env },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    this.#child = child;
    child.stdin?.write(`${JSON.stringify(options)}\n`);
    child.stderr?.on('data', chunk => {
      this.stderr += chunk;
    });
    if (!child.stdout) {
      throw new Error('No stdout');
    }
    for await (const line of createInterface({ input: child.stdout })) {
      const message: { ready?: boolean; url?: string } = JSON.parse(line);
      if (message.ready && message.url) {
        this.url = message.url;
        this.#port = Number(new URL(message.url).port);
        return;
      }
    }
    throw new Error(`forge did not start: ${this.stderr}`);
  }

  /** Ends the process, politely or not. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise(resolve => child.once('exit', resolve));
      child.kill(signal);
      await gone;
    }
    this.#child = undefined;
  }

  async stop(): Promise<void> {
    await this.end();
    for (const folder of [this.root, this.exchange]) {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /**
   * A request to the API as the admin. On a connection of its own: git blocks the test's process for
   * seconds on a busy machine, and a kept connection that forge gave up meanwhile answers no more.
   */
  async api(
    method: string,
    route: string,
    body?: unknown,
    authorization = `token ${TOKEN}`,
  ): Promise<Response> {
    return fetch(`${this.url}/api/v3${route}`, {
      method,
      headers: {
        authorization,
        'content-type': 'application/json',
        connection: 'close',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
    });
  }

  /** A request's JSON. */
  async json<T>(route: string): Promise<T> {
    const response = await this.api('GET', route);
    if (!response.ok) {
      throw new Error(
        `GET ${route}: ${response.status} ${await response.text()}`,
      );
    }
    const body: T = JSON.parse(await response.text());
    return body;
  }

  /** A new repository in `acme` with a clone of its own. */
  async repository(
    files: Record<string, string>,
    push = true,
  ): Promise<RepositoryUnderTest> {
    this.#count += 1;
    const name = `repo-${this.#count}-${Math.random().toString(36).slice(2, 8)}`;
    const response = await this.api('POST', '/orgs/acme/repos', { name });
    if (response.status !== 201) {
      throw new Error(`The repository was not made: ${await response.text()}`);
    }
    const repository = new RepositoryUnderTest(
      this,
      name,
      path.join(this.root, 'clones', name),
      this.url.replace('://', `://guest:${TOKEN}@`),
    );
    repository.commit(files, 'First commit');
    if (push) {
      repository.push();
    }
    return repository;
  }
}
