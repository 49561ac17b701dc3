// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  findPython,
  uvSettings,
} from '../../packages/local-platform/bootstrap/python.mjs';
import { connectForge } from './forge.mjs';
import { root } from './portal.mjs';
import { tagsOf } from './tagsOf.mjs';

/**
 * @typedef {import('./trainedModels.mjs').TrainedModel} TrainedModel
 *
 * @typedef {object} Platform
 * @property {import('@greenroom/local-platform/testing').TestForge} forge
 * @property {import('@greenroom/local-platform/testing').TestMlflow} mlflow
 * @property {string} folder Holds what {@link renderAll} renders.
 */

const ORGANIZATION = 'greenroom-demo';
const LAST_LINES = 40;
const TEMPLATE_TESTS = path.join(root, 'templates', 'model-service', 'tests');
const execute = promisify(execFile);

/**
 * What a program printed and how it ended; it may fail.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').ExecFileOptions} [options]
 */
async function run(command, args, options) {
  try {
    const { stdout, stderr } = await execute(command, args, {
      maxBuffer: 64 * 1024 * 1024,
      timeout: 10 * 60_000,
      ...options,
      encoding: 'utf8',
    });
    return { status: 0, output: stdout + stderr };
  } catch (error) {
    const { code, signal, stdout, stderr } =
      /** @type {import('node:child_process').ExecFileException} */ (error);
    return { status: code ?? signal, output: `${stdout}${stderr}` };
  }
}

/** @type {(...call: Parameters<typeof run>) => Promise<string>} */
async function must(command, args, options) {
  const { status, output } = await run(command, args, options);
  if (status !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${status}\n${output}`,
    );
  }
  return output;
}

/**
 * Renders the repositories of all models through the scaffolder's engine.
 *
 * @param {TrainedModel[]} models
 * @param {Platform} platform
 */
export async function renderAll(models, { forge, folder }) {
  const repositories = models.map(({ name, model, data, csv, gate }) => ({
    folder: path.join(folder, name),
    values: {
      name,
      description: 'One of the models that the project trains to prove itself.',
      owner: 'group:default/fraud-team',
      model,
      data: csv
        ? {
            ...data,
            csvName: 'table.csv',
            csvUpload: `data:text/csv;base64,${Buffer.from(csv.text).toString('base64')}`,
          }
        : data,
      gate,
      repository: { host: forge.host, owner: ORGANIZATION },
    },
  }));
  const rendering = execute(
    process.execPath,
    [
      '--import',
      'tsx',
      path.join(import.meta.dirname, 'renderRepositories.mjs'),
    ],
    { cwd: root, timeout: 10 * 60_000 },
  );
  rendering.child.stdin?.end(
    JSON.stringify({ githubHost: forge.host, repositories }),
  );
  await rendering;
}

/** By the digest of the lock file: the path of its Python. @type {Map<string, Promise<string>>} */
const environments = new Map();

/** @param {string} lock @param {string} environment @returns {Promise<string>} */
async function install(lock, environment) {
  const uv = process.env.GREENROOM_UV ?? 'uv';
  const python = path.join(environment, 'bin', 'python');
  const machine = findPython();
  const options = {
    cwd: path.dirname(lock),
    env: { ...process.env, ...uvSettings(machine) },
  };
  await must(
    uv,
    ['venv', '--quiet', '--python', machine.command, environment],
    options,
  );
  await must(
    uv,
    [
      'pip',
      'sync',
      '--quiet',
      '--python',
      python,
      '--require-hashes',
      path.basename(lock),
    ],
    options,
  );
  return python;
}

/**
 * The logs of a run, for a person to whom a failed assertion shows their beginning: how each
 * job ended and the last lines of those that failed come first.
 *
 * @param {{ name: string, conclusion: string | null }[]} jobs
 * @param {Record<string, string>} logs By the job's name.
 */
function describeRun(jobs, logs) {
  const show = (/** @type {string} */ name, /** @type {string} */ log) =>
    `--- ${name}\n${log}`;
  const failed = jobs.filter(({ conclusion }) =>
    ['failure', 'cancelled', 'timed_out'].includes(conclusion ?? ''),
  );
  return [
    jobs.map(({ name, conclusion }) => `${name}: ${conclusion}`).join(', '),
    ...failed.map(({ name }) =>
      show(name, (logs[name] ?? '').split('\n').slice(-LAST_LINES).join('\n')),
    ),
    ...Object.entries(logs).map(([name, log]) => show(name, log)),
  ].join('\n');
}

/** A rendered repository on forge, with its work tree on this machine. */
export class TrainedRepository {
  #platform;
  #model;
  #forge;
  #folder;
  #environment = '';

  /**
   * @param {Platform} platform
   * @param {TrainedModel} model
   */
  constructor(platform, model) {
    this.#platform = platform;
    this.#model = model;
    this.#folder = path.join(platform.folder, model.name);
    this.#forge = connectForge({
      forgeUrl: platform.forge.url,
      token: platform.forge.token,
    });
  }

  get #slug() {
    return `${ORGANIZATION}/${this.#model.name}`;
  }

  /** Publishes and pushes as Create does, and waits for the pipeline's end. */
  async create() {
    const { mlflow } = this.#platform;
    const { name } = this.#model;
    await this.#forge.post(`/orgs/${ORGANIZATION}/repos`, { name });
    await this.#forge.post(`/repos/${this.#slug}/actions/variables`, {
      name: 'MLFLOW_TRACKING_URI',
      value: mlflow.url,
    });
    const completed = await this.#completed(await this.#push());
    this.#environment =
      Object.values(completed.logs)
        .join('\n')
        .match(/Using the Python environment of this lock file: (\S+)/)?.[1] ??
      '';
    return completed.shown;
  }

  /** @param {string} sha */
  async #completed(sha) {
    const { run, jobs, logs } = await this.#forge.completedRun(
      this.#slug,
      sha,
      { timeoutMs: 10 * 60_000 },
    );
    return {
      logs,
      shown: {
        run,
        jobs: new Map(jobs.map(job => [job.name, job.conclusion])),
        log: describeRun(jobs, logs),
      },
    };
  }

  /**
   * Commits a change of a file to a branch, opens its pull request unless it is open, and
   * waits for the pipeline's end; resolves with the comments that are there then, too.
   *
   * @param {string} branch
   * @param {string} name
   * @param {(text: string) => string} change
   */
  async propose(branch, name, change) {
    const git = this.#git;
    const before = await git('rev-parse', '--abbrev-ref', 'HEAD');
    const known = await git('branch', '--list', branch);
    await git('checkout', '--quiet', ...(known ? [branch] : ['-b', branch]));
    const file = path.join(this.#folder, name);
    fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
    const sha = await this.#commit();
    await git('push', '--quiet', this.#remote, `HEAD:${branch}`);
    await git('checkout', '--quiet', before);
    const pulls = `/repos/${this.#slug}/pulls`;
    if (!known) {
      await this.#forge.post(pulls, {
        title: branch,
        head: branch,
        base: 'main',
      });
    }
    const { shown } = await this.#completed(sha);
    const open = await this.#forge.get(
      `${pulls}?head=${ORGANIZATION}:${branch}`,
    );
    /** @type {{ body: string, user: { login: string } }[]} */
    const comments = await this.#forge.get(
      `/repos/${this.#slug}/issues/${open[0].number}/comments`,
    );
    return { ...shown, comments };
  }

  /** How many versions the registered model has. */
  async countVersions() {
    const query = new URLSearchParams({
      filter: `name = '${this.#model.name}'`,
    });
    const response = await fetch(
      `${this.#platform.mlflow.url}/api/2.0/mlflow/model-versions/search?${query}`,
    );
    const { model_versions: versions = [] } = await response.json();
    return versions.length;
  }

  /** Trains, judges and registers it as a person does on a laptop, by `make`. */
  async trainHere() {
    const sha = await this.#commit();
    const python = await this.#install('requirements.lock');
    this.#environment = path.dirname(path.dirname(python));
    return { sha, ...(await this.#make('train', 'gate', 'register')) };
  }

  #git = async (/** @type {string[]} */ ...args) =>
    (await must('git', args, { cwd: this.#folder })).trim();

  async #commit() {
    await this.#git('init', '--quiet', '--initial-branch=main');
    await this.#git('add', '--all');
    await this.#git(
      '-c',
      'user.name=Jane',
      '-c',
      'user.email=jane@example.com',
      'commit',
      '--quiet',
      '--message=Create the model',
    );
    return this.#git('rev-parse', 'HEAD');
  }

  async #push() {
    const sha = await this.#commit();
    await this.#git('push', '--quiet', this.#remote, 'HEAD:main');
    return sha;
  }

  get #remote() {
    const remote = new URL(`${this.#platform.forge.url}/${this.#slug}.git`);
    remote.username = 'x-access-token';
    remote.password = this.#platform.forge.token;
    return remote.href;
  }

  /** A version of the registered model, with its tags as an object. @param {number} version */
  async modelVersion(version) {
    const response = await fetch(
      `${this.#platform.mlflow.url}/api/2.0/mlflow/model-versions/get?name=${this.#model.name}&version=${version}`,
    );
    const { model_version: found } = await response.json();
    return { ...found, tags: tagsOf(found) };
  }

  /** Targets of the repository's Makefile, in the environment that CI has made. @param {string[]} targets */
  #make(...targets) {
    return run('make', [`VENV=${this.#environment}`, ...targets], {
      cwd: this.#folder,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        MLFLOW_TRACKING_URI: this.#platform.mlflow.url,
      },
    });
  }

  /**
   * Downloads the champion, starts the repository's server with it in the serving
   * environment, and holds its answers against what the model itself predicts.
   */
  async serve() {
    const { status, output } = await this.#make('model');
    if (status !== 0) {
      throw new Error(`make model ended with ${status}\n${output}`);
    }
    const rows = path.join(this.#folder, 'reports', 'rows.json');
    const expected = path.join(this.#folder, 'reports', 'expected.json');
    await must(
      path.join(this.#environment, 'bin', 'python'),
      [path.join(TEMPLATE_TESTS, 'predict_rows.py'), rows, expected],
      { cwd: this.#folder, env: { ...process.env, PYTHONPATH: 'src' } },
    );
    return must(
      path.join(this.#environment, 'bin', 'python'),
      [
        path.join(TEMPLATE_TESTS, 'serve_check.py'),
        '--repository',
        this.#folder,
        '--python',
        await this.#install('requirements-serve.lock'),
        '--rows',
        rows,
        '--expected',
        expected,
      ],
      { timeout: 5 * 60_000 },
    );
  }

  /** Models of one lock file share an environment: Python compiles a new one for long. @param {string} name */
  #install(name) {
    const lock = path.join(this.#folder, name);
    const key = createHash('sha256')
      .update(fs.readFileSync(lock))
      .digest('hex')
      .slice(0, 16);
    const made =
      environments.get(key) ??
      install(lock, path.join(this.#platform.folder, `python-${key}`));
    environments.set(key, made);
    return made;
  }

  /** Trains on a target that has nothing to do with the features any more. */
  async trainOnNoise() {
    const file = path.join(this.#folder, 'src', this.#package, 'data.py');
    return this.#changed(
      file,
      source =>
        `${source}\n\n_load = load\n\n\ndef load(config: Config) -> pd.DataFrame:\n    frame = _load(config)\n    shuffled = frame[config.target].sample(frac=1, random_state=1)\n    return frame.assign(**{config.target: shuffled.to_numpy()})\n`,
      () => this.#make('train', 'gate'),
    );
  }

  /**
   * Trains on the person's table with one cell that does not fit its column.
   *
   * @param {import('./trainedModels.mjs').PersonsTable['broken']} broken
   */
  async trainOnBrokenTable({ row, column, value }) {
    return this.#changed(
      path.join(this.#folder, 'data', `${this.#model.name}.csv`),
      text => {
        const lines = text.split('\n');
        const at = lines[0].split(';').indexOf(column);
        // The header is row 1, as spreadsheets count.
        const cells = lines[row - 1].split(';');
        cells[at] = value;
        lines[row - 1] = cells.join(';');
        return lines.join('\n');
      },
      () => this.#make('train'),
    );
  }

  /**
   * @template T
   * @param {string} file
   * @param {(text: string) => string} change
   * @param {() => Promise<T>} act
   */
  async #changed(file, change, act) {
    const before = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, change(before));
    try {
      return await act();
    } finally {
      fs.writeFileSync(file, before);
    }
  }

  get #package() {
    return this.#model.name.replaceAll('-', '_');
  }
}
