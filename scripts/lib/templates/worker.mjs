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
  const chosen =
    name === 'model-service' && !directory
      ? {
          ...values.model,
          ...values.delivery,
          mlflowAccess: values.delivery.mlflowAccess,
        }
      : undefined;
  const files = await engine.render(templateFor(name, chosen), values);
  const repository = makeRepository(String(id), files);
  if (directory) {
    writeFiles(files, directory);
  }
  const found = [
    ...(name === 'model-service' ? checkFileSet(repository) : []),
    ...checkBraces(repository),
    ...checkSyntax(repository),
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
