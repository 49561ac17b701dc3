// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './run.mjs';

const ACTION = '.github/actions/triage';

/** A repository that the template makes has the action in itself, until there is a release to name. */
export const ACTION_FOLDERS = [
  ACTION,
  `templates/model-service/skeleton/${ACTION}`,
  `templates/infra-manifests/skeleton/${ACTION}`,
];

const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

/**
 * The licences of what stands in the bundle, which nobody can take from it.
 *
 * @param {Record<string, { bytesInOutput: number }>} inputs
 */
function licencesOf(inputs) {
  const folders = new Set(
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file))
      .flatMap(match => (match ? [match[0]] : [])),
  );
  const texts = [...folders].map(folder => {
    const directory = path.join(root, folder);
    const { name, version, license } = JSON.parse(
      fs.readFileSync(path.join(directory, 'package.json'), 'utf8'),
    );
    const files = fs
      .readdirSync(directory)
      .filter(file => LICENCE_FILE.test(file))
      .sort()
      .map(file => fs.readFileSync(path.join(directory, file), 'utf8').trim());
    return [`${name} ${version} (${license})`, ...files].join('\n\n');
  });
  return `${[...new Set(texts)].sort().join('\n\n----------\n\n')}\n`;
}

/**
 * zod's messages in fifty languages, of which it speaks the one that it imports itself.
 *
 * @type {import('esbuild').Plugin}
 */
const withoutLocales = {
  name: 'without-locales',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ importer }) =>
      importer.includes('node_modules/zod/')
        ? { path: 'zod-locales', namespace: 'empty' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({
      contents: 'export {}',
    }));
  },
};

/**
 * The triage action as one file: made from packages/triage-action, always the same
 * from the same sources.
 *
 * @returns {Promise<Map<string, Buffer>>} Contents by path in the action's folder.
 */
export async function bundleAction() {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['packages/triage-action/src/main.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minify: true,
    mainFields: ['module', 'main'],
    legalComments: 'none',
    charset: 'utf8',
    plugins: [withoutLocales],
    logLevel: 'warning',
  });
  const [output] = Object.values(result.metafile.outputs);
  return new Map([
    ['action.yml', fs.readFileSync(path.join(root, ACTION, 'action.yml'))],
    ['dist/index.js', Buffer.from(result.outputFiles[0].contents)],
    ['dist/licenses.txt', Buffer.from(licencesOf(output.inputs))],
  ]);
}
