// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { root } from '../run.mjs';

/** The person gave something that cannot be used; the message says what and why. */
export class Refusal extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'Refusal';
  }
}

/**
 * @typedef {object} LoadedTemplate
 * @property {any} entity The content of template.yaml.
 * @property {string} directory
 * @property {Array<{ path: string, content: Buffer, executable: boolean }>} files What its steps may fetch.
 * @property {string[]} [folders] See {@link FileBox.pack}.
 */

const TEMPLATES = path.join(root, 'templates');

/** The names of this repository's templates. */
export function templateNames() {
  return fs
    .readdirSync(TEMPLATES)
    .filter(name => fs.existsSync(path.join(TEMPLATES, name, 'template.yaml')));
}

/**
 * Reads a template with everything around it.
 *
 * @param {string} name One of {@link templateNames}, or the path of a template.yaml or of its folder.
 * @param {string} [cwd]
 * @returns {LoadedTemplate}
 */
export function loadTemplate(name, cwd = process.cwd()) {
  const file = findTemplate(name, cwd);
  const document = parseDocument(fs.readFileSync(file, 'utf8'));
  if (document.errors.length > 0) {
    throw new Refusal(`${file} is not YAML: ${document.errors[0].message}`);
  }
  const entity = document.toJS();
  if (entity?.kind !== 'Template' || !Array.isArray(entity.spec?.steps)) {
    throw new Refusal(
      `${file} is no template of Backstage: it needs "kind: Template" and "spec.steps".`,
    );
  }
  const directory = path.dirname(file);
  return { entity, directory, files: readFiles(directory, entity) };
}

/** @param {string} name @param {string} cwd */
function findTemplate(name, cwd) {
  if (templateNames().includes(name)) {
    return path.join(TEMPLATES, name, 'template.yaml');
  }
  const given = path.resolve(cwd, name);
  const stat = fs.statSync(given, { throwIfNoEntry: false });
  if (stat?.isFile()) {
    return given;
  }
  const inside = path.join(given, 'template.yaml');
  if (stat?.isDirectory() && fs.existsSync(inside)) {
    return inside;
  }
  throw new Refusal(
    `There is no template "${name}": give ${templateNames().join(' or ')}, or the path of a template.yaml.`,
  );
}

/**
 * The folders that the steps fetch from; what is beside them (a README, tests) is not sent to the
 * engine. A step that fetches from the template's own folder needs all of it.
 *
 * @param {any} entity
 */
function fetchedFolders(entity) {
  return entity.spec.steps
    .filter((/** @type {any} */ step) => /^fetch:/.test(step.action))
    .map((/** @type {any} */ step) => String(step.input?.url ?? '.'))
    .filter((/** @type {string} */ url) => !/^[a-z]+:\/\//i.test(url))
    .map((/** @type {string} */ url) =>
      path.posix.normalize(url.replace(/\$\{\{.*$/s, '').replace(/^\.\//, '')),
    );
}

const LEFT_BY_TOOLS = new Set([
  '__pycache__',
  '.pytest_cache',
  '.ruff_cache',
  'node_modules',
  '.git',
]);

/** @param {string} directory @param {any} entity */
function readFiles(directory, entity) {
  const folders = fetchedFolders(entity);
  return fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .map(file => ({ file, name: path.relative(directory, file) }))
    .filter(
      ({ name }) =>
        !name.split(path.sep).some(part => LEFT_BY_TOOLS.has(part)) &&
        folders.some(
          (/** @type {string} */ folder) =>
            folder === '.' || name.startsWith(folder),
        ),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ file, name }) => ({
      path: name,
      content: fs.readFileSync(file),
      executable: (fs.statSync(file).mode & 0o100) !== 0,
    }));
}

const LARGE = 16 * 1024;

/**
 * What the steps copy byte for byte. Only `fetch:template` with `templateFileExtension` tells by the
 * name; as soon as another step could read or change a file, nothing is known.
 *
 * @param {any} entity
 * @returns {(name: string) => boolean}
 */
function copiedUnread(entity) {
  /** @type {string[]} */
  const extensions = [];
  for (const { action, input } of entity.spec.steps) {
    if (action === 'fetch:template' && input?.templateFileExtension) {
      const extension = input.templateFileExtension;
      extensions.push(extension === true ? '.njk' : String(extension));
    } else if (!/^(publish|catalog|github|ml|mlflow|debug):/.test(action)) {
      return () => false;
    }
  }
  return name => !extensions.some(extension => name.endsWith(extension));
}

/**
 * Keeps out of the engine what it would only copy: it gets a small file in its place, and
 * {@link FileBox.unpack} puts the content back. Lock files and schemas are most of a template's
 * bytes, and a request may have 10 MB.
 */
export class FileBox {
  /** @type {Map<string, Array<{ name?: string, content: Buffer }>>} */
  #contents = new Map();
  #isWhole;

  /** @param {{ isWhole?: boolean }} [options] `isWhole` keeps nothing out: a step reads what others copy. */
  constructor({ isWhole = false } = {}) {
    this.#isWhole = isWhole;
  }

  /**
   * @param {LoadedTemplate} template
   * @param {string[]} [folders] Those that the steps fetch from. When they are given, all that is copied
   *   from one folder to another goes as one file, unless two folders have a file of the same name,
   *   of which the last one counts. It makes a rendering a third faster.
   * @returns {Array<{ path: string, base64Content: string }>}
   */
  pack({ entity, files }, folders) {
    const isCopied = this.#isWhole ? () => false : copiedUnread(entity);
    const together = folders ? aloneInTheirPlace(files, folders) : new Set();
    /** @type {Map<string, LoadedTemplate['files']>} */
    const bundles = new Map();
    const sent = [];
    for (const file of files) {
      if (isCopied(file.path) && together.has(file.path)) {
        const folder = path.posix.dirname(file.path);
        bundles.set(folder, [...(bundles.get(folder) ?? []), file]);
      } else {
        const large = file.content.length > LARGE && isCopied(file.path);
        const content = large ? this.#put([file]) : file.content;
        sent.push({
          path: file.path,
          base64Content: content.toString('base64'),
        });
      }
    }
    for (const [folder, bundle] of bundles) {
      sent.push({
        // Two folders may become one.
        path: `${folder}/.together-${sent.length}`,
        base64Content: this.#put(
          bundle.map(file => ({
            ...file,
            name: path.posix.basename(file.path),
          })),
        ).toString('base64'),
      });
    }
    return sent;
  }

  /**
   * @param {string} file Where the engine put it.
   * @param {Buffer} content
   * @returns {Array<{ path: string, content: Buffer }>} What it stands for.
   */
  unpack(file, content) {
    const found = this.#contents.get(content.toString('latin1')) ?? [
      { content },
    ];
    return found.map(({ name, content: original }) => ({
      path:
        name === undefined
          ? file
          : path.posix.join(path.posix.dirname(file), name),
      content: original,
    }));
  }

  /** @param {Array<{ name?: string, content: Buffer }>} files */
  #put(files) {
    const hash = createHash('sha256');
    for (const { name = '', content } of files) {
      hash.update(`${name}\0${content.length}\0`).update(content);
    }
    const text = `Stands for what has SHA-256 ${hash.digest('hex')}\n`;
    this.#contents.set(
      text,
      files.map(({ name, content }) => ({ name, content })),
    );
    return Buffer.from(text, 'latin1');
  }
}

/**
 * The files whose place in the repository no other folder has a file for.
 *
 * @param {LoadedTemplate['files']} files
 * @param {string[]} folders
 */
function aloneInTheirPlace(files, folders) {
  /** @type {Map<string, string[]>} */
  const places = new Map();
  for (const { path: name } of files) {
    const folder = folders.find(each => name.startsWith(`${each}/`));
    if (folder !== undefined) {
      const place = name.slice(folder.length).replace(/\.njk$/, '');
      places.set(place, [...(places.get(place) ?? []), name]);
    }
  }
  return new Set(
    [...places.values()].filter(names => names.length === 1).flat(),
  );
}
