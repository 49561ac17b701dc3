// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { Refusal, loadTemplate } from './templateFiles.mjs';

/**
 * `template render`.
 *
 * @param {{ template: string, values?: string, out?: string, defaults: boolean, cwd: string }} options
 */
export async function renderCommand({
  template: name,
  values,
  out,
  defaults,
  cwd,
}) {
  const template = loadTemplate(name, cwd);
  // Loaded late: what is refused above needs neither.
  const { checkValues, defaultValues } = await import('./form.mjs');
  if (defaults) {
    process.stdout.write(
      `${JSON.stringify(defaultValues(template.entity), null, 2)}\n`,
    );
    return;
  }
  const directory = requireEmpty(path.resolve(cwd, out ?? ''));
  const given = readValues(values ?? '', cwd);
  const problems = checkValues(template.entity, given);
  if (problems.length > 0) {
    throw new Refusal(
      problems
        .map(({ field, message }) => (field ? `${field}: ${message}` : message))
        .join('\n'),
    );
  }
  const { startEngine } = await import('./engine.mjs');
  const engine = await startEngine(hostsOf(given));
  let files;
  try {
    files = await engine.render(template, given);
  } finally {
    await engine.stop();
  }
  writeFiles(files, directory);
  process.stdout.write(
    `✓ ${template.entity.metadata.name}: ${files.size} files in ${directory}\n`,
  );
}

/** @param {string} directory */
function requireEmpty(directory) {
  const stat = fs.statSync(directory, { throwIfNoEntry: false });
  if (stat && !stat.isDirectory()) {
    throw new Refusal(`--out: ${directory} is a file; name a folder.`);
  }
  if (stat && fs.readdirSync(directory).length > 0) {
    throw new Refusal(
      `--out: ${directory} is not empty; name an empty folder, or one that does not exist yet.`,
    );
  }
  return directory;
}

/** @param {string} file @param {string} cwd @returns {Record<string, any>} */
function readValues(file, cwd) {
  const name = file === '-' ? 'standard input' : file;
  let text;
  try {
    text = fs.readFileSync(file === '-' ? 0 : path.resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new Refusal(
      `--values: ${name} cannot be read (${/** @type {Error} */ (error).message}).`,
    );
  }
  let values;
  try {
    values = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Refusal(
      `--values: ${name} is not JSON (${/** @type {Error} */ (error).message}).`,
    );
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new Refusal(
      `--values: ${name} must hold one JSON object, the values of the form by name.`,
    );
  }
  return values;
}

/**
 * A portal knows the hosts of its configuration. Here any well-formed one is meant: the forms have
 * checked the form of it.
 *
 * @param {Record<string, any>} values
 */
export function hostsOf(values) {
  const hosts = new Set(['github.com']);
  const readable = new Set();
  /** @param {unknown} value */
  const visit = value => {
    if (typeof value === 'string') {
      const repository = /^([A-Za-z0-9.-]+(?::\d{1,5})?)\?.*\bowner=/.exec(
        value,
      );
      if (repository) {
        hosts.add(repository[1]);
      } else if (value.length < 4000 && URL.canParse(value)) {
        const { protocol, host } = new URL(value);
        if (/^https?:$/.test(protocol)) {
          readable.add(host);
        }
      }
    } else if (value && typeof value === 'object') {
      Object.values(value).forEach(visit);
    }
  };
  visit(values);
  const host = values.repository?.host;
  if (typeof host === 'string') {
    hosts.add(host);
  }
  return { githubHosts: [...hosts], readableHosts: [...readable] };
}

/**
 * @param {Map<string, import('./engine.mjs').RenderedFile>} files
 * @param {string} directory
 */
export function writeFiles(files, directory) {
  for (const [name, { content, executable }] of files) {
    const file = path.join(directory, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content, { mode: executable ? 0o755 : 0o644 });
  }
}
