// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '@backstage/errors';

const FOLDER = 'vendor';
/** A wheel of the template, as `requirements*.in` and `requirements*.lock` name it. */
const WHEEL = /^\.\/vendor\/greenroom_ml-([\w.!+]+)-py3-none-any\.whl/m;
const COPY = 'COPY vendor ./vendor\n';
const INSTALL = 'RUN python -m venv';
const EXPORT = 'export PYTHONPATH := src\n';
/** What the Makefile runs where nothing is installed. */
const PLATFORM = /^PLATFORM := .*$/m;

/**
 * Lets a rendered repository install greenroom-ml from an index of packages instead of the wheel in
 * `vendor/`: the same version and, since the wheel is built reproducibly, the same digest.
 *
 * @param workspace - absolute path of the rendered repository
 * @param indexUrl - the index that has it beside the one that the machines use anyway
 * @returns the version that it is now asked for
 * @throws InputError when the template has no wheel
 */
export async function installFromIndex(
  workspace: string,
  indexUrl?: string,
): Promise<string> {
  const names = await fs.readdir(workspace);
  const versions = new Set<string>();
  for (const name of names.filter(each =>
    /^requirements.*\.(in|lock)$/.test(each),
  )) {
    await edit(path.join(workspace, name), text => {
      const version = WHEEL.exec(text)?.[1];
      if (!version) {
        return text;
      }
      versions.add(version);
      const operator = name.endsWith('.in') ? ' ==' : '==';
      return text.replace(WHEEL, `greenroom-ml${operator}${version}`);
    });
  }
  const [version] = versions;
  if (!version) {
    throw new InputError(
      'scaffolder.ml.package.source is index, but no requirements file of the template asks for the wheel of greenroom-ml',
    );
  }
  await fs.rm(path.join(workspace, FOLDER), { recursive: true, force: true });
  const dockerfile = names.includes('Dockerfile') ? ['Dockerfile'] : [];
  for (const name of dockerfile) {
    await edit(path.join(workspace, name), text =>
      withIndex(text.replace(COPY, ''), INSTALL, indexUrl, url => [
        `ENV PIP_EXTRA_INDEX_URL=${url}`,
      ]),
    );
  }
  await edit(path.join(workspace, 'Makefile'), text =>
    withIndex(
      text.replace(PLATFORM, () => fetchedPlatform()),
      EXPORT,
      indexUrl,
      url => [
        '# Has greenroom-ml; all else is where this machine finds packages.',
        `export UV_INDEX := ${url.replaceAll('$', '$$$$')}`,
        'export PIP_EXTRA_INDEX_URL := $(UV_INDEX)',
      ],
    ),
  );
  return version;
}

/** Fetches the wheel alone, with the digest of the lock file, and runs it as it is. */
function fetchedPlatform(): string {
  return [
    'PLATFORM = mkdir -p reports/platform && \\',
    "\tgrep -A1 '^greenroom-ml==' requirements.lock > reports/platform/wanted.txt && \\",
    '\tpython3 -m pip download --quiet --no-deps --require-hashes --dest reports/platform \\',
    '\t\t--requirement reports/platform/wanted.txt && \\',
    '\tPYTHONPATH="$$(echo reports/platform/greenroom_ml-*.whl)" python3 -m greenroom_ml',
  ].join('\n');
}

/** Puts lines that name the index before a line of the template. */
function withIndex(
  text: string,
  before: string,
  indexUrl: string | undefined,
  toLines: (url: string) => string[],
): string {
  if (!indexUrl) {
    return text;
  }
  const at = text.indexOf(before);
  if (at < 0) {
    throw new InputError(`The template has no line "${before.trim()}"`);
  }
  return `${text.slice(0, at)}${toLines(indexUrl).join('\n')}\n${text.slice(at)}`;
}

async function edit(file: string, change: (text: string) => string) {
  await fs.writeFile(file, change(await fs.readFile(file, 'utf8')));
}
