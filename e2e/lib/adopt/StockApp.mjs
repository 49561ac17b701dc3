// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { root, run } from '../../../scripts/lib/run.mjs';
import { registrySettings } from '../../../packages/local-platform/bootstrap/workspace.mjs';
import { findYarn } from './packages.mjs';

/** Where a block says that it goes, in the comment that is its first line. */
export const PLACE = /^(?:\/\/|#) (\S+\.\w+)\n/;

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isMap = value =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What an item of `app.extensions`, or of a list of components, is about.
 *
 * @param {unknown} item
 */
function idOf(item) {
  if (!isMap(item)) {
    return item;
  }
  const keys = Object.keys(item);
  return item.component ?? (keys.length === 1 ? keys[0] : undefined);
}

/**
 * What a person does who adds a piece of app-config.yaml to their own: keys go to where they
 * belong, what a list has already is changed there, and the rest is put at its end.
 *
 * @param {unknown} own
 * @param {unknown} added
 * @returns {unknown}
 */
function mergeConfig(own, added) {
  if (isMap(own) && isMap(added)) {
    const merged = { ...own };
    for (const [key, value] of Object.entries(added)) {
      merged[key] = key in own ? mergeConfig(own[key], value) : value;
    }
    return merged;
  }
  if (Array.isArray(own) && Array.isArray(added)) {
    const merged = [...own];
    for (const item of added) {
      const index = merged.findIndex(
        each => idOf(each) !== undefined && idOf(each) === idOf(item),
      );
      if (index < 0) {
        merged.push(item);
      } else {
        merged[index] = mergeConfig(merged[index], item);
      }
    }
    return merged;
  }
  if (isMap(own) || Array.isArray(own)) {
    throw new Error(
      `This takes the place of what is there:\n${stringify(added)}`,
    );
  }
  return added;
}

/** An app as `@backstage/create-app` makes it, outside of this repository. */
export class StockApp {
  #folder;
  #env;
  #configFile;

  /**
   * @param {string} folder
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(folder, env) {
    this.#folder = folder;
    this.#env = env;
    this.#configFile = path.join(folder, 'app-config.yaml');
  }

  /**
   * @param {string} registry The address that has the packages of this repository.
   * @param {Record<string, string>} variables That the configuration names.
   */
  static async create(registry, variables) {
    const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-adopt-'));
    const bin = path.join(parent, 'bin');
    fs.mkdirSync(bin);
    fs.writeFileSync(
      path.join(bin, 'yarn'),
      `#!/bin/sh\nexec '${process.execPath}' '${findYarn()}' "$@"\n`,
      { mode: 0o755 },
    );
    const settings = registrySettings(process.env);
    const env = {
      ...process.env,
      ...settings,
      ...variables,
      YARN_UNSAFE_HTTP_WHITELIST: [
        settings.YARN_UNSAFE_HTTP_WHITELIST,
        '127.0.0.1',
      ]
        .filter(Boolean)
        .join(','),
      PATH: `${bin}${path.delimiter}${process.env.PATH}`,
      BACKSTAGE_APP_NAME: 'portal',
      YARN_ENABLE_TELEMETRY: '0',
      // Yarn 4.13 ends where it repeats a request; fewer at once need none repeated.
      YARN_HTTP_RETRY: '0',
      YARN_NETWORK_CONCURRENCY: '8',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      // Ours; they would be found before the app's own.
      NODE_PATH: undefined,
      NODE_OPTIONS: undefined,
    };
    const app = new StockApp(path.join(parent, 'portal'), env);
    await app.#must('create-app', parent, [
      path.join(root, 'node_modules', '.bin', 'backstage-create-app'),
      '--skip-install',
    ]);
    app.#edit('.yarnrc.yml', text =>
      stringify({
        ...parse(text),
        npmScopes: { greenroom: { npmRegistryServer: registry } },
      }),
    );
    const own = JSON.parse(
      fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
    );
    // Modules in C that cannot be built everywhere: as this repository has them.
    app.#edit('package.json', text => {
      const manifest = JSON.parse(text);
      manifest.dependenciesMeta = own.dependenciesMeta;
      manifest.resolutions['better-sqlite3'] =
        own.resolutions['better-sqlite3'];
      return JSON.stringify(manifest, null, 2);
    });
    // The seed that create-app fetches is that of Backstage's newest release; ours has the
    // packages of backstage.json, which are in Yarn's cache already.
    fs.copyFileSync(
      path.join(root, 'yarn.lock'),
      path.join(app.folder, 'yarn.lock'),
    );
    await app.yarn('install');
    return app;
  }

  get folder() {
    return this.#folder;
  }

  /** @param {string} file */
  read(file) {
    return fs.readFileSync(path.join(this.#folder, file), 'utf8');
  }

  /** @param {string} file */
  has(file) {
    return fs.existsSync(path.join(this.#folder, file));
  }

  /** @param {...string} args */
  yarn(...args) {
    return this.#must(`yarn ${args.join(' ')}`, this.#folder, [
      'yarn',
      ...args,
    ]);
  }

  /**
   * Runs a line of a README that adds a package, after making the plugin that it names if the
   * app has none of that name.
   *
   * @param {string} line
   */
  async add(line) {
    const [command, ...args] = line.trim().split(/\s+/);
    const [, plugin] = /--cwd plugins\/(\S+)/.exec(line) ?? [];
    if (command !== 'yarn') {
      throw new Error(`Not a line for Yarn: ${line}`);
    }
    if (plugin && !this.has(`plugins/${plugin}`)) {
      const [, id, role] = /^(.*)-(backend|common)$/.exec(plugin) ?? [];
      await this.yarn(
        'new',
        '--select',
        role === 'backend' ? 'backend-plugin' : 'plugin-common-library',
        '--option',
        `pluginId=${id}`,
        '--skip-install',
      );
    }
    await this.yarn(...args);
  }

  /**
   * Puts a block where it says that it goes, or elsewhere.
   *
   * @param {string} text
   * @param {string} [elsewhere]
   */
  addCode(text, elsewhere) {
    const file = elsewhere ?? PLACE.exec(text)?.[1];
    if (!file) {
      throw new Error(`Where does this go?\n${text}`);
    }
    const added = text.match(/^backend\.add\([^;]*\);$/gm);
    if (added) {
      this.#edit(file, source =>
        source.replace(
          /^backend\.start\(\);/m,
          `${added.join('\n')}\nbackend.start();`,
        ),
      );
      return;
    }
    fs.mkdirSync(path.dirname(path.join(this.#folder, file)), {
      recursive: true,
    });
    fs.writeFileSync(path.join(this.#folder, file), text);
  }

  /** @param {unknown} config */
  addConfig(config) {
    this.#edit('app-config.yaml', text =>
      stringify(mergeConfig(parse(text), config)),
    );
  }

  /**
   * Puts what is here in the place of an example.
   *
   * @param {string} example
   * @param {string} real
   */
  replaceInConfig(example, real) {
    this.#edit('app-config.yaml', text => text.replaceAll(example, real));
  }

  /**
   * Validates the configuration, with further pieces that go nowhere.
   *
   * @param {unknown[]} [pieces]
   */
  async checkConfig(pieces = []) {
    const files = pieces.map((piece, index) => {
      const file = path.join(this.#folder, '..', `config-${index}.yaml`);
      fs.writeFileSync(file, stringify(piece));
      return file;
    });
    await this.yarn(
      'backstage-cli',
      'config:check',
      '--strict',
      ...[this.#configFile, ...files].flatMap(file => ['--config', file]),
    );
  }

  /** @param {unknown[]} entities */
  addEntities(entities) {
    this.#edit(
      'examples/entities.yaml',
      text =>
        `${text}${entities.map(each => `---\n${stringify(each)}`).join('')}`,
    );
  }

  /**
   * Starts the backend, which serves the built frontend, and resolves when it says that it is
   * ready.
   *
   * @param {string} url
   */
  async start(url) {
    const child = spawn('yarn', ['workspace', 'backend', 'start'], {
      cwd: this.#folder,
      env: { ...this.#env, FORCE_COLOR: '0' },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const exited = new Promise(resolve => child.once('exit', resolve));
    const backend = {
      output: () => output,
      async stop() {
        const end = (/** @type {NodeJS.Signals} */ signal) => {
          try {
            process.kill(-Number(child.pid), signal);
          } catch {
            // All of them have ended.
          }
        };
        end('SIGTERM');
        await Promise.race([
          exited,
          new Promise(resolve => setTimeout(resolve, 10_000)),
        ]);
        // Yarn ends before the backend that it started.
        end('SIGKILL');
      },
    };
    const deadline = Date.now() + 5 * 60_000;
    for (;;) {
      const isReady = await fetch(`${url}/.backstage/health/v1/readiness`).then(
        response => response.ok,
        () => false,
      );
      if (isReady) {
        return backend;
      }
      if (child.exitCode !== null || Date.now() > deadline) {
        await backend.stop();
        throw new Error(`The backend did not get ready:\n${output}`);
      }
      await new Promise(resolve => setTimeout(resolve, 500));
    }
  }

  /** Removes the app, and from Yarn's cache what came from the registry of this run. */
  async remove() {
    const globalFolder = (
      await this.yarn('config', 'get', 'globalFolder')
    ).trim();
    const cache = path.join(globalFolder, 'cache');
    for (const file of fs.readdirSync(cache)) {
      if (file.startsWith('@greenroom-')) {
        fs.rmSync(path.join(cache, file));
      }
    }
    fs.rmSync(path.dirname(this.#folder), { recursive: true, force: true });
  }

  /**
   * @param {string} file
   * @param {(text: string) => string} edit
   */
  #edit(file, edit) {
    const before = this.read(file);
    const after = edit(before);
    if (after === before) {
      throw new Error(`Nothing changed in ${file}`);
    }
    fs.writeFileSync(path.join(this.#folder, file), after);
  }

  /**
   * @param {string} what
   * @param {string} cwd
   * @param {string[]} command
   */
  async #must(what, cwd, [command, ...args]) {
    const { code, output } = await run(command, args, {
      quiet: true,
      cwd,
      env: this.#env,
    });
    if (code !== 0) {
      throw new Error(`${what} failed:\n${output}`);
    }
    return output;
  }
}
