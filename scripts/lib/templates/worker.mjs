// SPDX-License-Identifier: Apache-2.0

// Renders for the matrix, in a process of its own: one engine keeps one core busy.
import fs from 'node:fs';
import { checkValues } from './form.mjs';
import { startEngine } from './engine.mjs';
import {
  checkBraces,
  checkFileSet,
  checkSyntax,
  foldersOf,
} from './inspect.mjs';
import { writeFiles } from './render.mjs';
import { makeRepository } from './repository.mjs';
import { loadTemplate } from './templateFiles.mjs';

// The engine asks for the real path of everything it writes; this gives the same answer in one
// call of the system in place of one for each folder.
fs.realpathSync = Object.assign(fs.realpathSync.native, {
  native: fs.realpathSync.native,
});

/** @type {Map<string, import('./templateFiles.mjs').LoadedTemplate>} */
const templates = new Map();

/**
 * The template without the folders of other choices, which the engine would only write and remove
 * again. A folder that a step asks for and that is not there fails the rendering.
 *
 * @param {string} name
 * @param {Record<string, any>} [values]
 */
function templateFor(name, values) {
  const folders = values && foldersOf(values);
  const key = [name, ...(folders ?? [])].join();
  let template = templates.get(key);
  if (!template) {
    const whole = templates.get(name) ?? loadTemplate(name);
    templates.set(name, whole);
    template = folders
      ? {
          ...whole,
          folders,
          files: whole.files.filter(file =>
            folders.some(folder => file.path.startsWith(`${folder}/`)),
          ),
        }
      : whole;
    templates.set(key, template);
  }
  return template;
}

const engine = await startEngine();

/**
 * What comes of the whole template must be what comes of the light one.
 *
 * @param {Map<string, import('./engine.mjs').RenderedFile>} light
 * @param {Map<string, import('./engine.mjs').RenderedFile>} whole
 */
function compare(light, whole) {
  return [...new Set([...light.keys(), ...whole.keys()])]
    .filter(file => {
      const content = whole.get(file)?.content;
      return !content || !light.get(file)?.content.equals(content);
    })
    .map(file => ({
      file,
      message: 'differs when the whole template is sent to the engine',
    }));
}

/** @param {{ id: number, template: string, values: any, directory?: string }} job */
async function work({ id, template: name, values, directory }) {
  const { entity } = templateFor(name);
  const problems = checkValues(entity, values);
  if (problems.length > 0) {
    return {
      id,
      findings: problems.map(
        ({ field, message }) => `the form refuses ${field}: ${message}`,
      ),
    };
  }
  const light =
    name === 'model-service'
      ? templateFor(name, { ...values.model, ...values.delivery })
      : templateFor(name);
  const files = await engine.render(light, values);
  if (directory) {
    writeFiles(files, directory);
  }
  const repository = makeRepository(String(id), files);
  const found = [
    ...(name === 'model-service' ? checkFileSet(repository) : []),
    ...checkBraces(repository),
    ...checkSyntax(repository),
    ...(directory && light !== templateFor(name)
      ? compare(files, await engine.render(templateFor(name), values))
      : []),
  ];
  return {
    id,
    findings: found.map(({ file, message }) => `${file} ${message}`),
  };
}

process.on('message', async (/** @type {any} */ job) => {
  let result;
  try {
    result = await work(job);
  } catch (error) {
    result = {
      id: job.id,
      findings: [`cannot be rendered: ${/** @type {Error} */ (error).message}`],
    };
  }
  process.send?.(result);
});
process.on('disconnect', async () => {
  await engine.stop();
  process.exit();
});
process.send?.({ ready: true });
