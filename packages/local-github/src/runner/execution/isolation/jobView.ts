// SPDX-License-Identifier: Apache-2.0
import { realpathSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** By what jobs are kept from the platform's secrets and the person's; `none` where the system offers nothing. */
export type IsolationKind = 'bubblewrap' | 'namespaces' | 'landlock' | 'none';

/** Something that a job sees at `path`: what is at `source`, read-only unless told, or without a source nothing. */
export interface Mount {
  path: string;
  source?: string;
  writable?: boolean;
}

/** What the view of a job is made from; all paths are absolute. */
export interface ViewOptions {
  /** Folders that no job may see: the platform's state. */
  hidden: string[];
  /** Toolchain and caches. */
  cacheDir: string;
  /** Interpreter that the agent runs on. */
  python: string;
  /** The agent's file. */
  agent: string;
  /** The job's folder. */
  root: string;
  /** Stands at /tmp and /var/tmp; inside `root`. Without it the machine's are there, unless something in them is hidden. */
  temp?: string;
  /** What the job gets of the environment; files named by it stay visible. */
  environment: Record<string, string>;
}

/**
 * Environments, tools and caches that jobs fill, below the cache folder. The platform runs nothing that is in there, nor anything that
 * is linked into it, as uv links what is in its cache: a job could change it.
 */
export function jobCacheDir(cacheDir: string): string {
  return path.join(cacheDir, 'jobs');
}

/** Doors to other users' or the machine's secrets, beside the home folder. */
const doors = [
  `/run/user/${os.userInfo().uid}`,
  '/run/secrets',
  '/run/docker.sock',
  '/run/podman',
  '/run/containerd',
  '/etc/shadow',
  '/etc/gshadow',
];

/** What of `~/.local` holds tools; the rest of it holds keyrings and histories. */
const localTools = [
  'bin',
  'lib',
  'pipx',
  'share/uv',
  'share/pipx',
  'share/mise',
];

/**
 * The mounts of a job, outer ones first. The system is there to be read; the person's home folder, the platform's state and other jobs'
 * folders are not there; the job's own folder and the shared caches are there to be written.
 */
export function jobView(options: ViewOptions): Mount[] {
  const { cacheDir, python, root, temp } = options;
  const home = os.homedir();
  const realHome = real(home) ?? home;
  const hidden = [
    ...(home === path.parse(home).root ? [] : [home]),
    ...options.hidden,
    ...doors,
  ];
  const visible = [
    cacheDir,
    path.dirname(path.dirname(real(python) ?? python)),
    options.agent,
    ...toolsOnPath(options.environment.PATH ?? '', home),
    ...Object.values(options.environment).filter(
      file => !isInside(file, cacheDir),
    ),
  ].filter(file => path.isAbsolute(file));
  // One mount for all of the caches, as uv links files from its cache into environments.
  const writable = [root, jobCacheDir(cacheDir)];
  const mounts = new Map<string, Mount>();
  for (const file of hidden.map(real)) {
    if (file) {
      mounts.set(
        file,
        statSync(file).isDirectory() ? { path: file } : block(file),
      );
    }
  }
  const kept = [...mounts.keys()];
  const add = (isWritable: boolean) => (name: string) => {
    const file = real(name);
    // A home folder is never shown as a whole because something named it.
    const isOurs = name === cacheDir || !isInside(realHome, file ?? '');
    if (file && isOurs && !kept.includes(file)) {
      mounts.set(file, { path: file, source: file, writable: isWritable });
    }
  };
  visible.forEach(add(false));
  writable.forEach(add(true));
  for (const file of new Set(['/tmp', '/var/tmp', os.tmpdir()].map(real))) {
    if (file && (temp || !kept.some(other => isInside(other, file)))) {
      mounts.set(file, { path: file, source: temp ?? file, writable: true });
    }
  }
  for (const name of ['credentials', 'credentials.toml']) {
    const file = real(path.join(home, '.cargo', name));
    if (file) {
      mounts.set(file, block(file));
    }
  }
  return inOrder([...mounts.values()]);
}

/** Outer mounts first, and only those whose place is there once the outer ones are made. */
function inOrder(mounts: Mount[]): Mount[] {
  const kept: Mount[] = [];
  for (const mount of mounts.sort((a, b) => a.path.length - b.path.length)) {
    const outer = kept.findLast(other => isInside(mount.path, other.path));
    const isShown = outer === undefined || outer.source === outer.path;
    const hides = mount.source === undefined || mount.source === '/dev/null';
    const isSame =
      outer !== undefined &&
      isShown &&
      mount.source === mount.path &&
      mount.writable === outer.writable;
    if (!isSame && (isShown || !hides)) {
      kept.push(mount);
    }
  }
  return kept;
}

/**
 * Folders of a PATH inside the home folder, with what their programs need: the installation that they are the `bin` of.
 * A home folder's own `bin` is shown alone.
 */
function toolsOnPath(searchPath: string, home: string): string[] {
  const local = path.join(home, '.local');
  return searchPath
    .split(path.delimiter)
    .filter(entry => path.isAbsolute(entry) && isInside(entry, home))
    .flatMap(entry => {
      const parent = path.dirname(entry);
      if (parent === local) {
        return localTools.map(name => path.join(local, name));
      }
      return parent === home || !/^(s?bin|shims)$/.test(path.basename(entry))
        ? [entry]
        : [parent];
    });
}

/** Nothing but an empty file there. */
function block(file: string): Mount {
  return { path: file, source: '/dev/null' };
}

function real(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

/** Whether a path is a folder, or in it. */
export function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}${path.sep}`);
}
