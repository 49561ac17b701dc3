// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Problem } from '../../../bootstrap/Problem.mjs';
import { run } from '../../../bootstrap/processes.mjs';
import { GO_ENV, Go } from './findGo';

/** What is built, in messages and in the names of logs. */
export interface BuildSubject {
  id: string;
  /** Within a sentence. */
  title: string;
}

const LOCAL_CLUSTER: BuildSubject = {
  id: 'cluster',
  title: 'the local cluster',
};

/** One `go build`, and who hears how far it is. */
export interface GoBuildOptions {
  /** Names its log. */
  id: string;
  packages: string[];
  /** Names of the binaries that it makes. */
  outputs: string[];
  linkerFlags?: string;
  /** A `go.mod` to use instead of the module's. */
  modFile?: string;
  /** Build tags. */
  tags?: string[];
  /** Where they are put, each by a rename. */
  dir: string;
  /** How many packages are to be compiled, of all that are linked. */
  onStale: (stale: number, all: number) => void;
  onPackage: (done: number, all: number) => void;
}

const BUILD_FLAGS = ['-trimpath', '-gcflags=all=-dwarf=false'];

const downloadSchema = z.object({ Path: z.string(), Dir: z.string() });

const NETWORK =
  /dial tcp|no such host|i\/o timeout|connection re(set|fused)|TLS handshake|proxyconnect|unexpected EOF|404 Not Found|50\d /i;

/** Runs Go at low priority in a folder of its own, so that what the build took can be given back. */
export class GoBuilder {
  readonly #go: Go;
  readonly #moduleDir: string;
  readonly #scratchDir: string;
  readonly #logsDir: string;
  readonly #signal: AbortSignal | undefined;
  readonly #subject: BuildSubject;

  constructor(options: {
    go: Go;
    moduleDir: string;
    /** Holds Go's caches, unless GOCACHE or GOMODCACHE name others. */
    scratchDir: string;
    logsDir: string;
    signal?: AbortSignal;
    /** The local cluster, unless it is something else. */
    subject?: BuildSubject;
  }) {
    this.#go = options.go;
    this.#moduleDir = options.moduleDir;
    this.#scratchDir = options.scratchDir;
    this.#logsDir = options.logsDir;
    this.#signal = options.signal;
    this.#subject = options.subject ?? LOCAL_CLUSTER;
  }

  /** Downloads every module, and answers the folders of those that are named. */
  async downloadModules(
    wanted: string[],
    onModule: (done: number, all: number) => void,
  ): Promise<Map<string, string>> {
    const all = countRequirements(this.#moduleDir);
    let done = 0;
    await this.#run('modules', ['mod', 'download', '-x'], line => {
      if (/^# get \S+\.zip: 200 OK/.test(line)) {
        done = Math.min(done + 1, all);
        onModule(done, all);
      }
    });
    return this.#findFolders(wanted);
  }

  /** Downloads these modules, and answers their folders; the others come as they are needed. */
  async downloadFolders(wanted: string[]): Promise<Map<string, string>> {
    await this.#run('modules', ['mod', 'download', ...wanted]);
    return this.#findFolders(wanted);
  }

  async #findFolders(wanted: string[]): Promise<Map<string, string>> {
    const lines = await this.#run('module-folders', [
      'list',
      '-m',
      '-f',
      '{"Path":"{{.Path}}","Dir":"{{.Dir}}"}',
      ...wanted,
    ]);
    return new Map(
      lines
        .filter(line => line.startsWith('{'))
        .map(line => downloadSchema.parse(JSON.parse(line)))
        .map(({ Path, Dir }) => [Path, Dir]),
    );
  }

  /** Compiles and links; a build that was killed goes on where it was. */
  async build(options: GoBuildOptions): Promise<void> {
    const { id, packages, outputs, dir, onStale, onPackage } = options;
    const flags = [
      ...BUILD_FLAGS,
      ...(options.tags ? [`-tags=${options.tags.join(',')}`] : []),
      ...(options.modFile ? [`-modfile=${options.modFile}`] : []),
    ];
    const { stale, all } = await this.#countPackages(id, packages, flags);
    onStale(stale, all);
    const temporary = path.join(this.#scratchDir, `bin-${id}`);
    fs.mkdirSync(temporary, { recursive: true });
    let done = all - stale;
    await this.#run(
      id,
      [
        'build',
        '-v',
        ...flags,
        '-ldflags',
        `-s -w ${options.linkerFlags ?? ''}`.trim(),
        '-o',
        `${temporary}${path.sep}`,
        ...packages,
      ],
      line => {
        if (/^[\w.~/-]+$/.test(line)) {
          done = Math.min(done + 1, all);
          onPackage(done, all);
        }
      },
    );
    fs.mkdirSync(dir, { recursive: true });
    for (const name of outputs) {
      fs.renameSync(path.join(temporary, name), path.join(dir, name));
    }
  }

  async #countPackages(id: string, packages: string[], flags: string[]) {
    let stale = 0;
    let all = 0;
    await this.#run(
      `packages-${id}`,
      ['list', '-deps', ...flags, '-f', '{{.Stale}}', ...packages],
      line => {
        all += 1;
        stale += line === 'true' ? 1 : 0;
      },
    );
    return { stale, all };
  }

  async #run(
    id: string,
    args: string[],
    onLine?: (line: string) => void,
  ): Promise<string[]> {
    const log = path.join(this.#logsDir, `${this.#subject.id}-${id}.log`);
    const result = await run('nice', ['-n', '10', this.#go.command, ...args], {
      cwd: this.#moduleDir,
      env: {
        ...process.env,
        ...GO_ENV,
        CGO_ENABLED: '0',
        GOCACHE: process.env.GOCACHE ?? path.join(this.#scratchDir, 'build'),
        GOMODCACHE:
          process.env.GOMODCACHE ?? path.join(this.#scratchDir, 'mod'),
        // A module cache is read-only otherwise, which nothing but Go can remove again.
        GOFLAGS: '-mod=readonly -modcacherw',
        GOWORK: 'off',
      },
      log,
      onLine,
      signal: this.#signal,
    });
    this.#signal?.throwIfAborted();
    if (result.code !== 0) {
      throw goProblem(this.#subject, result, log);
    }
    return result.lines;
  }
}

function countRequirements(moduleDir: string): number {
  const text = fs.readFileSync(path.join(moduleDir, 'go.mod'), 'utf8');
  return text.split('\n').filter(line => /^\t\S+ v\S+/.test(line)).length || 1;
}

function goProblem(
  { title }: BuildSubject,
  result: { lines: string[]; error?: Error },
  log: string,
): Problem {
  const text = result.lines.join('\n');
  const detail = result.lines.filter(line => line.trim()).slice(-6);
  const again = 'Then start again: it goes on where it stopped.';
  if (/no space left on device|disk quota exceeded/i.test(text)) {
    return new Problem(
      `The disk became full while ${title} was built.`,
      ['Make room there.', again],
      { detail, log },
    );
  }
  if (/signal: killed|cannot allocate memory/i.test(text)) {
    return new Problem(
      `The compiler of ${title} was ended by the system, most likely for want of memory.`,
      ['Close other programs.', again],
      { detail, log },
    );
  }
  if (NETWORK.test(text)) {
    return new Problem(
      `The Go modules of ${title} could not be downloaded.`,
      ['Check the connection (proxy: HTTPS_PROXY, mirror: GOPROXY).', again],
      { detail, log },
    );
  }
  return new Problem(
    `${title[0].toUpperCase()}${title.slice(1)} could not be built.`,
    'The log says why.',
    { detail: result.error ? [result.error.message, ...detail] : detail, log },
  );
}
