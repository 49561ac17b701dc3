// SPDX-License-Identifier: Apache-2.0
import { parseRequirement, pythonName } from './parseRequirements';
import { Versions } from './Versions';

const KEY =
  /^\s{0,40}"?([A-Za-z0-9][A-Za-z0-9._-]{0,100})"?\s{0,20}=\s{0,20}(.{0,4000})/;
const TABLE = /^\s{0,40}\[{1,2}\s{0,10}([^\]]{1,200})\]/;
const TEXT = /"([^"]{1,300})"|'([^']{1,300})'/g;

const stringsIn = (line: string) =>
  [...line.slice(0, 4000).matchAll(TEXT)].map(
    ([, double, single]) => double ?? single,
  );

/** Lock files of `[[package]]` tables: Poetry, uv, PDM, Cargo. */
export function parsePackageTables(text: string): Map<string, string> {
  const found = new Versions();
  let name: string | undefined;
  for (const line of text.split('\n')) {
    const [, key, value] = KEY.exec(line) ?? [];
    if (line.startsWith('[')) {
      name = undefined;
    } else if (key === 'name') {
      name = stringsIn(value)[0];
    } else if (key === 'version' && name !== undefined) {
      const [version] = stringsIn(value);
      if (version) {
        found.add(name, version);
      }
      name = undefined;
    }
  }
  return found.toMap();
}

/** Tables of which each key is a package. */
const isPackageTable = (table: string) =>
  /^(?:tool\.poetry\.(?:dev-)?dependencies|tool\.poetry\.group\.[^.]{1,60}\.dependencies|(?:dev-|build-)?dependencies|versions)$/.test(
    table,
  );

/** Keys whose list holds requirements. */
function holdsRequirements(table: string, key: string): boolean {
  return (
    (table === 'project' && key === 'dependencies') ||
    (table === 'build-system' && key === 'requires') ||
    table === 'project.optional-dependencies' ||
    table === 'dependency-groups'
  );
}

/** `pyproject.toml`, `Cargo.toml` and Gradle's `libs.versions.toml`, as far as they name versions. */
export function parseTomlDependencies(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let table = '';
  let inList = false;
  for (const line of text.split('\n')) {
    const heading = inList ? undefined : TABLE.exec(line)?.[1].trim();
    const pair: RegExpExecArray | null = inList ? null : KEY.exec(line);
    const [, key, value] = pair ?? [];
    if (heading !== undefined) {
      table = heading;
    } else if (key !== undefined && isPackageTable(table)) {
      const version = /^\{/.test(value)
        ? /version\s{0,10}=\s{0,10}"([^"]{1,100})"/.exec(value)?.[1]
        : stringsIn(value)[0];
      if (version && key !== 'python') {
        found.set(pythonName(key), version);
      }
    } else if (inList || (key !== undefined && holdsRequirements(table, key))) {
      const content: string = key === undefined ? line : value;
      stringsIn(content.split(/\s#/)[0])
        .map(parseRequirement)
        .forEach(requirement => requirement && found.set(...requirement));
      // Extras stand in brackets too, within the strings.
      inList = !content.replace(TEXT, '').includes(']');
    }
  }
  return found;
}
