// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const changesSchema = z.array(
  z.object({
    why: z.string(),
    module: z.string(),
    /** Within the module. */
    file: z.string(),
    /** Stands there once. */
    from: z.string(),
    to: z.string(),
  }),
);

/** Folders of modules that are not compiled. */
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
  const replacements = changedModules(moduleDir).map(module => {
    const copy = path.join(target, module.replaceAll('/', '-'));
    const from = moduleDirs.get(module);
    if (!from) {
      throw new Error(`The Go module ${module} was not downloaded`);
    }
    copyModule(from, copy);
    return `replace ${module} => ${JSON.stringify(copy)}\n`;
  });
  for (const { module, file, from, to } of readChanges(moduleDir)) {
    const changed = path.join(target, module.replaceAll('/', '-'), file);
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
function copyModule(from: string, to: string): void {
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const copy = path.join(to, entry.name);
    if (entry.isFile()) {
      fs.writeFileSync(copy, fs.readFileSync(source));
    } else if (entry.isDirectory() && !LEFT_OUT.test(entry.name)) {
      copyModule(source, copy);
    }
  }
}
