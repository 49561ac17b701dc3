// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Versions } from './Versions';

const versions = z.record(z.string(), z.unknown()).optional().catch(undefined);
const manifestSchema = z.object({
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
  peerDependencies: versions,
  overrides: versions,
  resolutions: versions,
});
const lockSchema = z.object({ packages: versions, dependencies: versions });
const pipLockSchema = z.object({ default: versions, develop: versions });
const versioned = z.object({ version: z.string() });

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `package.json`; of a part of it, as a patch has, the lines that look like versions. */
export function parsePackageJson(text: string): Map<string, string> {
  const parsed = manifestSchema.safeParse(json(text));
  if (!parsed.success) {
    const lines = text.matchAll(
      /^\s{0,20}"((?:@[\w.-]{1,100}\/)?[a-z\d][\w.-]{0,100})": "([\^~<>=v]{0,2}\d[^"]{0,60})",?\r?$/gm,
    );
    return new Map([...lines].map(([, name, version]) => [name, version]));
  }
  return new Map(
    Object.values(parsed.data).flatMap(group =>
      Object.entries(group ?? {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
  );
}

function collect(entries: Iterable<[string, unknown]>): Map<string, string> {
  const found = new Versions();
  for (const [name, value] of entries) {
    const parsed = versioned.safeParse(value);
    if (parsed.success) {
      found.add(name, parsed.data.version);
    }
  }
  return found.toMap();
}

/** `package-lock.json` and `npm-shrinkwrap.json`, all versions. */
export function parsePackageLock(text: string): Map<string, string> {
  const { data } = lockSchema.safeParse(json(text));
  const installed = Object.entries(data?.packages ?? {})
    .filter(([path]) => path.includes('node_modules/'))
    .map(([path, value]): [string, unknown] => [
      path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      value,
    ]);
  return collect(
    installed.length > 0 ? installed : Object.entries(data?.dependencies ?? {}),
  );
}

/** `Pipfile.lock`. */
export function parsePipfileLock(text: string): Map<string, string> {
  const { data } = pipLockSchema.safeParse(json(text));
  const found = collect(Object.entries({ ...data?.develop, ...data?.default }));
  return new Map(
    [...found].map(([name, version]) => [name, version.replace(/^==/, '')]),
  );
}

/** `yarn.lock` of all versions of Yarn, and `pnpm-lock.yaml`'s packages. */
export function parseTreeLock(text: string): Map<string, string> {
  const found = new Versions();
  let names: string | undefined;
  for (const line of text.split('\n')) {
    const cut = line.slice(0, 2000);
    const pnpm =
      /^ {2}['"]?\/?((?:@[\w.-]{1,100}\/)?[\w.-]{1,100})[@/](\d[\w.+-]{0,60})[^:]{0,400}:/.exec(
        cut,
      );
    const header =
      /^"?((?:@[\w.-]{1,100}\/)?[\w.-]{1,100})@.{1,1900}:\s{0,4}$/.exec(cut);
    const version = /^ {2}version:? "?([^"\s]{1,100})"?/.exec(cut);
    if (header) {
      names = header[1];
    } else if (version && names) {
      // Yarn lists the workspaces of the repository too.
      if (version[1] !== '0.0.0-use.local') {
        found.add(names, version[1]);
      }
      names = undefined;
    } else if (pnpm) {
      found.add(pnpm[1], pnpm[2]);
    }
  }
  return found.toMap();
}
