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
 * Keeps large files out of the engine: where it only copies, it gets a file that says which one is
 * meant, and {@link FileBox.unpack} puts the content back. Lock files and schemas are most of a
 * template's bytes, and a request may have 10 MB.
 */
export class FileBox {
  /** @type {Map<string, Buffer>} */
  #contents = new Map();

  /**
   * @param {LoadedTemplate} template
   * @returns {Array<{ path: string, base64Content: string }>}
   */
  pack({ entity, files }) {
    const isCopied = copiedUnread(entity);
    return files.map(file => ({
      path: file.path,
      base64Content: (file.content.length > LARGE && isCopied(file.path)
        ? this.#put(file.content)
        : file.content
      ).toString('base64'),
    }));
  }

  /** @param {Buffer} content */
  unpack(content) {
    return this.#contents.get(content.toString('latin1')) ?? content;
  }

  /** @param {Buffer} content */
  #put(content) {
    const digest = createHash('sha256').update(content).digest('hex');
    const name = `Stands for the file with SHA-256 ${digest}\n`;
    this.#contents.set(name, content);
    return Buffer.from(name, 'latin1');
  }
}
