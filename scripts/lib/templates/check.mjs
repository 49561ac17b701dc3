// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { pinnedVersion } from '../tools.mjs';
import { checkBraces, checkFileSet, checkSyntax } from './inspect.mjs';
import { lintRepositories } from './linters.mjs';
import { checkOwnTools } from './ownTools.mjs';
import { readRepository } from './repository.mjs';
import { Refusal, templateNames } from './templateFiles.mjs';

/**
 * `template check`: one line for each linter.
 *
 * @param {string} directory
 * @param {string} cwd
 * @returns {Promise<number>} The exit code.
 */
export async function checkCommand(directory, cwd) {
  const folder = path.resolve(cwd, directory);
  const repository = readRepository(folder);
  if (!templateNames().includes(repository.template)) {
    throw new Refusal(
      `${folder} was made by ${repository.answers.templateRef}; this command knows ${templateNames().join(' and ')}.`,
    );
  }
  const isModel = repository.template === 'model-service';
  let failed = false;
  /** @param {string} name @param {string[]} findings @param {string} [skipped] */
  const tell = (name, findings, skipped) => {
    failed ||= findings.length > 0;
    const mark = skipped ? '-' : findings.length > 0 ? '✗' : '✓';
    process.stdout.write(
      `${mark} ${name}${skipped ? `: skipped: ${skipped}` : ''}\n`,
    );
    for (const text of findings) {
      process.stdout.write(`${text.replace(/^/gm, '    ')}\n`);
    }
  };
  /** @param {string} name @param {import('./inspect.mjs').Finding[]} findings */
  const tellFiles = (name, findings) =>
    tell(
      name,
      findings.map(({ file, message }) => `${file}: ${message}`),
    );

  if (isModel) {
    tellFiles('exact set of files', checkFileSet(repository));
  }
  tellFiles('nothing left unrendered', checkBraces(repository));
  tellFiles('YAML and JSON', checkSyntax(repository));
  await lintRepositories([repository], {
    directoryOf: () => folder,
    onVerdict: ({ linter, skipped, checked, findings }) => {
      const version = pinnedVersion(linter.split(' ')[0]);
      if (skipped || checked.size > 0) {
        tell(
          version ? `${linter} ${version}` : linter,
          [...findings.values()].flat(),
          skipped,
        );
      }
    },
  });
  if (!isModel) {
    const { findings, skipped } = await checkOwnTools(repository);
    tell('its own make check', findings, skipped);
  }
  return failed ? 1 : 0;
}
