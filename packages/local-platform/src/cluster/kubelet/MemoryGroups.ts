// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** The control group of one container. */
export interface MemoryGroup {
  /** A process that writes its id there belongs to it, with all that it starts. */
  procsFile: string;
  /** How many of its processes the kernel has killed for want of memory. */
  oomKills(): number;
  /** Once no process is in it. */
  remove(): void;
}

/** How a version of control groups names what we need. */
interface Version {
  limits(bytes: number): [string, string][];
  /** Holds a line `oom_kill N`. */
  events: string;
}

const V1: Version = {
  limits: bytes => [
    ['memory.limit_in_bytes', String(bytes)],
    // With swap: where the kernel does not count that, there is no such file.
    ['memory.memsw.limit_in_bytes', String(bytes)],
  ],
  events: 'memory.oom_control',
};
const V2: Version = {
  limits: bytes => [
    ['memory.max', String(bytes)],
    ['memory.swap.max', '0'],
    // As the real kubelet does: the container ends whole.
    ['memory.oom.group', '1'],
  ],
  events: 'memory.events',
};

/** Control groups that limit the memory of containers, as a container runtime makes them. */
export class MemoryGroups {
  readonly #base: string;
  readonly #prefix: string;
  readonly #version: Version;

  private constructor(base: string, prefix: string, version: Version) {
    this.#base = base;
    this.#prefix = prefix;
    this.#version = version;
  }

  /**
   * Finds where this process may make groups: below its own group (version 1), or beside it (version 2, as systemd allows its
   * users). Groups that an earlier kubelet of this folder has left are removed.
   *
   * @returns undefined where it may not, as on macOS
   */
  static open(rootDir: string): MemoryGroups | undefined {
    const hash = createHash('sha256').update(path.resolve(rootDir));
    const prefix = `greenroom-${hash.digest('hex').slice(0, 8)}-`;
    for (const { base, version } of findBases()) {
      const groups = new MemoryGroups(base, prefix, version);
      if (groups.#works()) {
        groups.#removeLeft();
        return groups;
      }
    }
    return undefined;
  }

  /** @param id - The same for a container that a later kubelet takes over. */
  make(id: string, limitBytes: number): MemoryGroup | undefined {
    const dir = this.#dirOf(id);
    try {
      fs.mkdirSync(dir, { recursive: true });
      const [[file, limit], ...more] = this.#version.limits(limitBytes);
      fs.writeFileSync(path.join(dir, file), limit);
      for (const [name, value] of more) {
        writeIfThere(path.join(dir, name), value);
      }
      return this.#describe(dir);
    } catch {
      removeGroup(dir);
      return undefined;
    }
  }

  /** The group of a container that runs already. */
  find(id: string): MemoryGroup | undefined {
    const dir = this.#dirOf(id);
    return fs.existsSync(dir) ? this.#describe(dir) : undefined;
  }

  #dirOf(id: string): string {
    const hash = createHash('sha256').update(id).digest('hex');
    return path.join(this.#base, `${this.#prefix}${hash.slice(0, 16)}`);
  }

  #describe(dir: string): MemoryGroup {
    const events = path.join(dir, this.#version.events);
    return {
      procsFile: path.join(dir, 'cgroup.procs'),
      oomKills: () => readOomKills(events),
      remove: () => removeGroup(dir),
    };
  }

  /** Whether a group can be made, limited and entered. */
  #works(): boolean {
    const group = this.make('test', 64 * 1024 * 1024);
    const entered =
      group &&
      spawnSync('/bin/sh', ['-c', 'echo $$ > "$0"', group.procsFile], {
        stdio: 'ignore',
        timeout: 10_000,
      }).status === 0;
    group?.remove();
    return entered === true;
  }

  #removeLeft(): void {
    for (const name of fs.readdirSync(this.#base)) {
      if (name.startsWith(this.#prefix)) {
        // One with processes in it stays: they are taken over.
        removeGroup(path.join(this.#base, name));
      }
    }
  }
}

function findBases(): { base: string; version: Version }[] {
  let own: string;
  let mounts: string;
  try {
    own = fs.readFileSync('/proc/self/cgroup', 'utf8');
    mounts = fs.readFileSync('/proc/self/mounts', 'utf8');
  } catch {
    return [];
  }
  const mountOf = (fits: (type: string, options: string[]) => boolean) =>
    mounts
      .split('\n')
      .map(line => line.split(' '))
      .find(
        ([, , type, options]) => type && fits(type, options.split(',')),
      )?.[1];
  const groupOf = (controllers: string) =>
    own
      .split('\n')
      .map(line => /^\d+:([^:]*):(.*)$/.exec(line))
      .find(match => match?.[1].split(',').includes(controllers))?.[2];
  const bases: { base: string; version: Version }[] = [];
  const v1 = mountOf(
    (type, options) => type === 'cgroup' && options.includes('memory'),
  );
  const v1Group = groupOf('memory');
  if (v1 && v1Group !== undefined) {
    bases.push({ base: path.join(v1, v1Group), version: V1 });
  }
  const v2 = mountOf(type => type === 'cgroup2');
  const v2Group = groupOf('');
  if (v2 && v2Group !== undefined) {
    const group = path.join(v2, v2Group);
    // A group with processes in it cannot have groups with limits, but for the root.
    for (const base of [group, path.dirname(group)]) {
      if (base.startsWith(v2) && hasMemory(base)) {
        bases.push({ base, version: V2 });
      }
    }
  }
  return bases.filter(({ base }) => fs.existsSync(base));
}

/** Whether the groups below this one can limit memory. */
function hasMemory(base: string): boolean {
  try {
    const file = path.join(base, 'cgroup.subtree_control');
    return fs.readFileSync(file, 'utf8').split(/\s+/).includes('memory');
  } catch {
    return false;
  }
}

function writeIfThere(file: string, text: string): void {
  if (fs.existsSync(file)) {
    try {
      fs.writeFileSync(file, text);
    } catch {
      // What the kernel does not take limits swap or the way of killing, not the memory.
    }
  }
}

function readOomKills(file: string): number {
  try {
    const [, count] =
      /^oom_kill (\d+)$/m.exec(fs.readFileSync(file, 'utf8')) ?? [];
    return Number(count ?? 0);
  } catch {
    return 0;
  }
}

function removeGroup(dir: string): void {
  try {
    fs.rmdirSync(dir);
  } catch {
    // Not there, or a process is in it still.
  }
}
