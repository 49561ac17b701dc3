// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const placeSchema = z.object({
  why: z.string(),
  module: z.string(),
  /** Within the module. */
  file: z.string(),
});

const changesSchema = z.array(
  z.union([
    placeSchema.extend({
      /** Stands there once. */
      from: z.string(),
      to: z.string(),
    }),
    /** A file that is not there. */
    placeSchema.extend({ add: z.string() }),
  ]),
);

/** Folders of modules that are not compiled, unless something in them is changed. */
const LEFT_OUT = /^(docs|test|ui|ui-test|manifests|examples|hack)$/;

function readChanges(moduleDir: string) {
  const file = path.join(moduleDir, 'changes.json');
  return fs.existsSync(file)
    ? changesSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')))
    : [];
}

/** The modules that `changes.json` of our module changes. */
export function changedModules(moduleDir: string): string[] {
  return [...new Set(readChanges(moduleDir).map(({ module }) => module))];
}

/**
 * Copies of modules with the few changes of `changes.json` in them: Go refuses to look past its module cache, so a copy of
 * `go.mod` names the copies.
 *
 * @param moduleDirs - by module, where it was downloaded to
 * @param target - an own folder; what is there goes
 * @returns the copy of `go.mod`, for `-modfile`
 */
export function changeModules(
  moduleDir: string,
  moduleDirs: Map<string, string>,
  target: string,
): string {
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  const changes = readChanges(moduleDir);
  const replacements = changedModules(moduleDir).map(module => {
    const copy = path.join(target, module.replaceAll('/', '-'));
    const from = moduleDirs.get(module);
    if (!from) {
      throw new Error(`The Go module ${module} was not downloaded`);
    }
    const files = changes
      .filter(each => each.module === module)
      .map(({ file }) => file);
    copyModule(from, copy, name =>
      files.some(file => file.startsWith(`${name}/`)),
    );
    return `replace ${module} => ${JSON.stringify(copy)}\n`;
  });
  for (const change of changes) {
    const { module, file } = change;
    const changed = path.join(target, module.replaceAll('/', '-'), file);
    if ('add' in change) {
      fs.mkdirSync(path.dirname(changed), { recursive: true });
      fs.writeFileSync(changed, change.add);
      continue;
    }
    const { from, to } = change;
    const parts = fs.readFileSync(changed, 'utf8').split(from);
    if (parts.length !== 2) {
      throw new Error(`${module}/${file} no longer has what is to be changed`);
    }
    fs.writeFileSync(changed, parts.join(to));
  }
  const modFile = path.join(target, 'go.mod');
  const text = fs.readFileSync(path.join(moduleDir, 'go.mod'), 'utf8');
  fs.writeFileSync(modFile, `${text}\n${replacements.join('')}`);
  fs.copyFileSync(path.join(moduleDir, 'go.sum'), path.join(target, 'go.sum'));
  return modFile;
}

/** File by file, as those of a module cache are read-only. */
function copyModule(
  from: string,
  to: string,
  isChanged: (folder: string) => boolean,
): void {
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const copy = path.join(to, entry.name);
    if (entry.isFile()) {
      fs.writeFileSync(copy, fs.readFileSync(source));
    } else if (
      entry.isDirectory() &&
      (!LEFT_OUT.test(entry.name) || isChanged(entry.name))
    ) {
      copyModule(source, copy, isChanged);
    }
  }
}
