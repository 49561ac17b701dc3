// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PACKAGE_DIR } from '../../../paths';
import { findExecutable } from '../findExecutable';
import { JobProcesses, type AgentLaunch } from './JobProcesses';
import {
  jobCacheDir,
  jobView,
  type IsolationKind,
  type Mount,
} from './jobView';

/** What isolation is made from; paths are absolute. */
export interface IsolationOptions {
  cacheDir: string;
  /** Folders that no job may see; the jobs' own are inside. */
  hidden: string[];
  /** Where jobs have their folders. */
  workDir: string;
  /** A Python of at least 3.10; the one on PATH unless told. */
  python?: string;
  environment: Record<string, string>;
  /** What is tried, in this order; all unless told. */
  kinds?: readonly IsolationKind[];
}

/** What a job's processes are started with. */
export interface JobFolders {
  root: string;
  /** What the job sees as /tmp. */
  tmp: string;
}

const agent = path.join(PACKAGE_DIR, 'src/runner/execution/isolation/agent.py');

const order: readonly IsolationKind[] = [
  'bubblewrap',
  'namespaces',
  'landlock',
];

/** Keeps jobs from what is not theirs, by the first means that this machine really offers. */
export class Isolation {
  readonly #options: IsolationOptions & { python: string };
  readonly kind: IsolationKind;

  private constructor(
    options: IsolationOptions & { python: string },
    kind: IsolationKind,
  ) {
    this.#options = options;
    this.kind = kind;
  }

  /** Tries each kind once with a job that must read its own file and must not read another. */
  static async probe(options: IsolationOptions): Promise<Isolation> {
    const python =
      options.python ??
      findExecutable('python3', process.env.PATH ?? '') ??
      'python3';
    await mkdir(jobCacheDir(options.cacheDir), { recursive: true });
    for (const kind of options.kinds ?? order) {
      const isolation = new Isolation({ ...options, python }, kind);
      if (kind !== 'none' && (await isolation.#works())) {
        return isolation;
      }
    }
    return new Isolation({ ...options, python }, 'none');
  }

  /** One line for who starts the platform. */
  describe(): string {
    const means = {
      bubblewrap: 'bubblewrap',
      namespaces: "the kernel's namespaces",
      landlock: 'Landlock',
    };
    return this.kind === 'none'
      ? 'Jobs can read what you can read: this system offers no isolation that works (bubblewrap, user namespaces, Landlock).'
      : `Jobs are kept from your files and the platform's secrets by ${means[this.kind]}.`;
  }

  /** Starts what runs a job's commands. */
  async start(folders: JobFolders): Promise<JobProcesses> {
    return JobProcesses.start(this.#launch(folders));
  }

  /** What a job sees, outer mounts first; empty if nothing is kept from it. */
  view({ root, tmp }: JobFolders): Mount[] {
    return this.kind === 'none'
      ? []
      : jobView({
          ...this.#options,
          agent,
          root,
          // Landlock cannot put one folder in the place of another.
          temp: this.kind === 'landlock' ? undefined : tmp,
        });
  }

  #launch(folders: JobFolders): AgentLaunch {
    const { python } = this.#options;
    const { kind: by } = this;
    const args = ['-I', '-S', agent];
    const mounts = this.view(folders);
    const configuration = { by, mounts };
    return by === 'bubblewrap'
      ? {
          command: 'bwrap',
          args: [...bubblewrapOptions(mounts), '--', python, ...args],
          configuration,
        }
      : { command: python, args, configuration };
  }

  async #works(): Promise<boolean> {
    const { workDir, cacheDir } = this.#options;
    await mkdir(path.join(workDir, 'jobs'), { recursive: true });
    const root = await mkdtemp(path.join(workDir, 'jobs', 'probe-'));
    const secret = path.join(workDir, path.basename(`${root}.secret`));
    let processes: JobProcesses | undefined;
    try {
      const tmp = path.join(root, 'tmp');
      await mkdir(tmp);
      await writeFile(path.join(root, 'own'), '');
      await writeFile(secret, '');
      processes = await this.start({ root, tmp });
      const code = await processes.run(
        '/bin/sh',
        [
          '-c',
          'cat own && echo > written && echo > /dev/null && ! cat "$0" && ! cat "/proc/$1/environ" && test -w "$2"',
          secret,
          String(process.pid),
          jobCacheDir(cacheDir),
        ],
        {
          cwd: root,
          env: { PATH: process.env.PATH ?? '' },
          onLine: () => undefined,
        },
      );
      return code === 0;
    } catch {
      return false;
    } finally {
      await processes?.end();
      await rm(root, { recursive: true, force: true });
      await rm(secret, { force: true });
    }
  }
}

/** The same view in bubblewrap's words. */
function bubblewrapOptions(mounts: Mount[]): string[] {
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc'],
    ...['--as-pid-1', '--die-with-parent', '--cap-drop', 'ALL'],
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    ...mounts.flatMap(mount =>
      mount.source === undefined
        ? ['--tmpfs', mount.path]
        : [mount.writable ? '--bind' : '--ro-bind', mount.source, mount.path],
    ),
  ];
}
