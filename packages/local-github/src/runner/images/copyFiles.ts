// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import type { SourceEntry } from './BuildContext';
import type { BuildStage } from './BuildStage';

/** What COPY was told. */
export interface CopyOrder {
  sources: string[];
  target: string;
  uid: number;
  gid: number;
  /** Of files and folders alike, from `--chmod`. */
  mode?: number;
}

/**
 * Copies as COPY does, from a build context or another stage.
 *
 * @returns the sources that are not there; one with a wildcard may find nothing
 */
export function copyFiles(
  from: ReadonlyMap<string, SourceEntry>,
  stage: BuildStage,
  order: CopyOrder,
): string[] {
  const { sources, uid, gid, mode } = order;
  const found = sources.map(source => ({
    source,
    names: findSources(from, source),
  }));
  const target = stage.resolve(order.target);
  const isFolder =
    /(^|\/)\.{0,2}$/.test(order.target) ||
    stage.isDirectory(target) ||
    found.flatMap(each => each.names).length > 1;
  for (const name of found.flatMap(each => each.names)) {
    // The context itself, or a folder that only an exception of .dockerignore names, has no entry.
    const entry = from.get(name) ?? ({ kind: 'directory' } as const);
    const owned = { uid, gid, ...(mode !== undefined && { mode }) };
    if (entry.kind !== 'directory') {
      const resolved = followLink(from, name);
      if (resolved) {
        stage.add(isFolder ? join(target, path.posix.basename(name)) : target, {
          ...resolved,
          ...owned,
        });
      }
      continue;
    }
    stage.addDirectory(target, { uid, gid });
    const prefix = name === '' ? '' : `${name}/`;
    for (const [child, inner] of from) {
      if (child.startsWith(prefix)) {
        stage.add(join(target, child.slice(prefix.length)), {
          ...inner,
          ...owned,
        });
      }
    }
  }
  return found
    .filter(({ source, names }) => names.length === 0 && !/[*?[]/.test(source))
    .map(({ source }) => source);
}

/** Sources never lead out of what they are looked up in. */
function findSources(
  from: ReadonlyMap<string, SourceEntry>,
  source: string,
): string[] {
  const clean = path.posix.resolve('/', source).slice(1);
  if (!/[*?[]/.test(source)) {
    if (clean === '' || from.has(clean)) {
      return [clean];
    }
    // A folder whose own entry an exception of .dockerignore has left out.
    return [...from.keys()].some(name => name.startsWith(`${clean}/`))
      ? [clean]
      : [];
  }
  return [...from.keys()]
    .filter(name => path.posix.matchesGlob(name, clean))
    .sort();
}

/** A source that is a link stands for what it leads to, as long as that is there to be copied. */
function followLink(
  from: ReadonlyMap<string, SourceEntry>,
  name: string,
): SourceEntry | undefined {
  let at = name;
  for (let hops = 0; hops < 40; hops++) {
    const entry = from.get(at);
    if (entry?.kind !== 'link') {
      return entry?.kind === 'directory' ? undefined : entry;
    }
    at = path.posix.resolve('/', path.posix.dirname(at), entry.target).slice(1);
  }
  return undefined;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
