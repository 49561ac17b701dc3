// SPDX-License-Identifier: Apache-2.0
import {
  parsePackageJson,
  parsePackageLock,
  parsePipfileLock,
  parseTreeLock,
} from './parseNode';
import {
  parseDockerfile,
  parseEnvironment,
  parseGoMod,
  parseGradle,
  parseKustomization,
  parsePom,
} from './parseOthers';
import { parseRequirements } from './parseRequirements';
import { parsePackageTables, parseTomlDependencies } from './parseToml';

/** Versions by name, of a file's text; what it does not understand is not in it. */
export type DependencyParser = (text: string) => Map<string, string>;

const PARSERS: Array<[RegExp, DependencyParser]> = [
  [/^(?:poetry|uv|pdm|cargo)\.lock$/i, parsePackageTables],
  [/^pipfile\.lock$/i, parsePipfileLock],
  [/^(?:yarn\.lock|pnpm-lock\.yaml)$/, parseTreeLock],
  [/^(?:package-lock|npm-shrinkwrap)\.json$/, parsePackageLock],
  [/^package\.json$/, parsePackageJson],
  [/^(?:pyproject|cargo|libs\.versions)\.toml$/i, parseTomlDependencies],
  [/^go\.mod$/, parseGoMod],
  [/^pom\.xml$/, parsePom],
  [/^(?:build\.gradle(?:\.kts)?|gradle\.lockfile)$/, parseGradle],
  [/^environment\.ya?ml$/, parseEnvironment],
  [/^kustomization\.ya?ml$/, parseKustomization],
  [
    /^(?:[\w.-]{0,60}\.)?(?:docker|container)file(?:\.[\w.-]{1,60})?$/i,
    parseDockerfile,
  ],
  [
    /^[\w.-]{0,60}(?:requirements|constraints)[\w.-]{0,60}\.(?:txt|in|lock)$/i,
    parseRequirements,
  ],
];

/** Who reads a file's dependencies, told by its name. */
export function dependencyParser(path: string): DependencyParser | undefined {
  const base = path.slice(path.lastIndexOf('/') + 1).slice(0, 200);
  const directory = path.slice(0, path.lastIndexOf('/') + 1);
  const inRequirements =
    /(?:^|\/)requirements\/$/.test(directory) && /\.(?:txt|in)$/.test(base);
  return inRequirements
    ? parseRequirements
    : PARSERS.find(([name]) => name.test(base))?.[1];
}
