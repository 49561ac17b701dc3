// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject } from '@backstage/types';
import { parseAllDocuments } from 'yaml';
import type { startPortal } from './startPortal';

const run = promisify(execFile);

/** A wheel is no text; Latin-1 has a character for each of its bytes. */
const encodingOf = (file: string) =>
  file.endsWith('.whl') ? 'latin1' : 'utf8';

/** The files of a rendered repository by their paths. */
export type RenderedFiles = Map<string, string>;

/** Renders the template with the values of a form, without effects. */
export async function render(
  portal: Awaited<ReturnType<typeof startPortal>>,
  input: JsonObject,
  template: JsonObject,
  folder?: string,
): Promise<RenderedFiles> {
  const { status, body } = await portal.dryRun(input, template, folder);
  expect(status === 200 ? 'rendered' : body).toBe('rendered');
  return new Map(
    body.directoryContents.map(
      (file: { path: string; base64Content: string }) => [
        file.path,
        Buffer.from(file.base64Content, 'base64').toString(
          encodingOf(file.path),
        ),
      ],
    ),
  );
}

/** Writes the files into a folder that is made. */
export function writeFiles(files: RenderedFiles, folder: string): void {
  for (const [file, content] of files) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), content, encodingOf(file));
  }
}

/** Parses every YAML and JSON file. */
export function parseYamlAndJson(files: RenderedFiles): void {
  for (const [file, content] of files) {
    if (/\.ya?ml$/.test(file)) {
      for (const document of parseAllDocuments(content)) {
        expect([file, document.errors]).toEqual([file, []]);
      }
    } else if (file.endsWith('.json')) {
      expect(() => JSON.parse(content)).not.toThrow();
    }
  }
}

/**
 * Parses every Python and TOML file in folders with Python's own parsers.
 *
 * @returns pyproject.toml of each folder
 */
export async function parsePythonAndToml(
  python: string,
  folders: string[],
): Promise<JsonObject[]> {
  const { stdout } = await run(
    python,
    [
      '-c',
      `
import ast, json, pathlib, sys
if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib
projects = []
for folder in map(pathlib.Path, sys.argv[1:]):
    for file in folder.rglob("*.py"):
        ast.parse(file.read_text(encoding="utf-8"), str(file))
    projects.append(tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")))
print(json.dumps(projects))
`,
      ...folders,
    ],
    { maxBuffer: 64 * 1024 ** 2 },
  );
  return JSON.parse(stdout);
}
