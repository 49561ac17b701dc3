// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import type { SourceEntry } from './BuildContext';
import { DEFAULT_PATH, type ImageConfig } from './ImageConfig';

/** An entry of the image; owners by number, 0 unless the Dockerfile says. */
export type ImageEntry = SourceEntry & {
  uid: number;
  gid: number;
  mode?: number;
};

/** One stage of a Dockerfile as far as it comes without running anything: what was copied, and the configuration. */
export class BuildStage {
  readonly files: Map<string, ImageEntry>;
  readonly env: Map<string, string>;
  readonly args = new Map<string, string>();
  config: Omit<ImageConfig, 'Env'>;
  /** Whether something is in the stage that is not known here: its base image's files, or what a RUN made. */
  isPartial: boolean;
  /** Lock files that RUN steps install from, by their path in the stage. */
  readonly requirements: Map<string, ImageEntry>;
  /** Wheels beside them, by their path from the lock file: what a lock may name as `./vendor/x.whl`. */
  readonly wheels: Map<string, ImageEntry>;
  venv: string | undefined;
  /** Set by a CMD of this very stage: an ENTRYPOINT forgets one that was inherited. */
  hasCommand = false;

  /** @param base - the stage that this one starts from; undefined for an image from elsewhere or `scratch` */
  constructor(base: BuildStage | undefined, isPartial: boolean) {
    this.files = new Map(base?.files);
    this.env = new Map(base?.env ?? [['PATH', DEFAULT_PATH]]);
    this.config = base ? structuredClone(base.config) : { WorkingDir: '/' };
    this.isPartial = base?.isPartial ?? isPartial;
    this.requirements = new Map(base?.requirements);
    this.wheels = new Map(base?.wheels);
    this.venv = base?.venv;
  }

  /** A variable as instructions see it. */
  readonly lookUp = (name: string): string | undefined =>
    this.env.get(name) ?? this.args.get(name);

  /** An absolute path, without the slash in front: a key of {@link files}; empty for the root. */
  resolve(target: string): string {
    return path.posix
      .resolve(this.config.WorkingDir || '/', target)
      .replace(/^\//, '');
  }

  isDirectory(target: string): boolean {
    return target === '' || this.files.get(target)?.kind === 'directory';
  }

  addDirectory(target: string, owner = { uid: 0, gid: 0 }): void {
    if (target !== '' && !this.isDirectory(target)) {
      this.#addParents(target);
      this.files.set(target, { kind: 'directory', ...owner });
    }
  }

  add(target: string, entry: ImageEntry): void {
    if (entry.kind === 'directory') {
      this.addDirectory(target, entry);
      return;
    }
    this.#addParents(target);
    // What was a folder gives way with all that is in it.
    if (this.files.get(target)?.kind === 'directory') {
      for (const name of this.files.keys()) {
        if (name.startsWith(`${target}/`)) {
          this.files.delete(name);
        }
      }
    }
    this.files.set(target, entry);
  }

  imageConfig(): ImageConfig {
    return {
      Env: [...this.env].map(([name, value]) => `${name}=${value}`),
      ...this.config,
    };
  }

  #addParents(target: string): void {
    const parent = path.posix.dirname(target);
    if (parent !== '.' && parent !== '/') {
      this.addDirectory(parent);
    }
  }
}
