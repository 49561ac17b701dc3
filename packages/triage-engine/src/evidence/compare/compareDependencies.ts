// SPDX-License-Identifier: Apache-2.0
import type { Change } from '@greenroom/plugin-triage-common';
import { dependencyParser } from './dependencies/dependencyParser';
import { patchSides } from './patchSides';
import type { CompareInput } from './types';

/** Lock files of large trees have a few MB. */
const MAX_TEXT = 8 * 1024 * 1024;

interface Versions {
  before?: string;
  after?: string;
}

function compareTexts(
  path: string,
  before: string,
  after: string,
): Map<string, Versions> {
  const parse = dependencyParser(path);
  if (
    !parse ||
    before === after ||
    before.length > MAX_TEXT ||
    after.length > MAX_TEXT
  ) {
    return new Map();
  }
  const was = parse(before);
  const is = parse(after);
  return new Map(
    [...new Set([...was.keys(), ...is.keys()])]
      .filter(name => was.get(name) !== is.get(name))
      .map(name => [name, { before: was.get(name), after: is.get(name) }]),
  );
}

/** From patches, where the files themselves are not given: the first version and the last. */
function comparePatches(
  { commits = [] }: CompareInput,
  path: string,
): Map<string, Versions> {
  const changes = new Map<string, Versions>();
  const patches = commits
    .flatMap(commit => commit.files)
    .filter(file => file.path === path && file.patch !== undefined);
  for (const { patch = '' } of patches) {
    const { before, after } = patchSides(patch);
    for (const [name, versions] of compareTexts(path, before, after)) {
      const known = changes.get(name);
      changes.set(name, {
        before: known ? known.before : versions.before,
        after: versions.after,
      });
    }
  }
  return changes;
}

/**
 * Versions of dependencies and base images that differ, by name. A package that
 * several files name in the same versions is told once.
 */
export function compareDependencies(input: CompareInput): Change[] {
  const green = input.green?.files ?? {};
  const failed = input.failed?.files ?? {};
  const inCommits = (input.commits ?? []).flatMap(commit =>
    commit.files.map(({ path }) => path),
  );
  const paths = new Set([
    ...Object.keys(green),
    ...Object.keys(failed),
    ...inCommits,
  ]);
  const changes = new Map<string, Change>();
  for (const path of [...paths].filter(dependencyParser).sort()) {
    const before = Object.hasOwn(green, path) ? green[path] : undefined;
    const after = Object.hasOwn(failed, path) ? failed[path] : undefined;
    const versions =
      before !== undefined && after !== undefined
        ? compareTexts(path, before, after)
        : comparePatches(input, path);
    for (const [name, change] of versions) {
      if (change.before !== change.after) {
        const key = JSON.stringify([name, change.before, change.after]);
        changes.set(key, {
          kind: 'dependency',
          name,
          ...(change.before !== undefined && { before: change.before }),
          ...(change.after !== undefined && { after: change.after }),
        });
      }
    }
  }
  return [...changes.values()].sort((a, b) =>
    a.name < b.name ? -1 : Number(a.name > b.name),
  );
}
