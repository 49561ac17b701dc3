// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import path from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import { require } from './require.mjs';
import { skeletonValues } from './repository.mjs';
import { loadTemplate } from './templateFiles.mjs';

/**
 * What a check found in a repository.
 *
 * @typedef {object} Finding
 * @property {string} file
 * @property {string} message
 */

/** @typedef {import('./repository.mjs').Repository} Repository */

/** @type {Map<string, any>} */
const templates = new Map();

/** @param {string} name */
function templateOf(name) {
  const template = templates.get(name) ?? loadTemplate(name);
  templates.set(name, template);
  return template;
}

/** @type {any} */
let renderer;

/** @param {string} text @param {object} values */
function renderName(text, values) {
  renderer ??= createRenderer();
  return renderer.render(text, renderer.prepareContext({ values }));
}

function createRenderer() {
  const { createRequire } = require('node:module');
  // The engine's own: it is a dependency of the scaffolder, not of ours.
  const { createTemplateRenderer } = createRequire(
    require.resolve('@backstage/plugin-scaffolder-backend'),
  )('nunjitsu');
  return createTemplateRenderer({});
}

/**
 * The folders of templates/model-service that these answers ask for; README.md of the template
 * tells the same in words.
 *
 * @param {Record<string, any>} values
 */
export function foldersOf(values) {
  const { framework, format, serving, mlflowAccess, canary } = values;
  const onnx = format === 'onnx';
  return [
    'skeleton',
    `frameworks/${framework}`,
    `requirements/${framework}${onnx ? '-onnx' : ''}${serving === 'storage-uri' ? '-runtime' : ''}`,
    ...(onnx ? ['requirements/onnx-server'] : []),
    `serving/${serving}`,
    ...(values.driftMonitor ? ['options/drift'] : []),
    `access/${mlflowAccess}`,
    ...(canary === 'none' ? [] : [`canary/${canary}`]),
  ];
}

/** @param {Repository} repository @returns {Set<string>} */
function expectedFiles(repository) {
  const values = skeletonValues(repository);
  const folders = foldersOf(values);
  const expected = new Set(['.greenroom/template.json']);
  if (values.dataset === 'csv') {
    expected.add('data/schema.json');
    if (!values.dataUrl) {
      expected.add(values.csvFile);
    }
  }
  for (const file of templateOf('model-service').files) {
    const folder = folders.find(each => file.path.startsWith(`${each}/`));
    if (folder === undefined) {
      continue;
    }
    const name = renderName(
      file.path.slice(folder.length + 1).replace(/\.njk$/, ''),
      values,
    );
    // A name, or that of a folder, that renders to nothing leaves the file out.
    if (!name.includes('//') && !/^\/|\/$|^$/.test(name)) {
      expected.add(name);
    }
  }
  return expected;
}

/** @param {Repository} repository @returns {Finding[]} */
export function checkFileSet(repository) {
  const expected = expectedFiles(repository);
  const names = [...repository.files.keys()];
  return [
    ...[...expected]
      .filter(name => !repository.files.has(name))
      .map(file => ({ file, message: 'is missing for these answers' })),
    ...names
      .filter(name => !expected.has(name))
      .map(file => ({ file, message: 'does not belong to these answers' })),
  ];
}

const DIRECTIVE =
  /\$\{\{-?\s*(values|parameters|each)\b|\{%-?\s*(if|elif|else|endif|for|endfor|set|macro|raw|import|include|block)\b|\{#-?\s|\[object Object\]/;

/** Unrendered directives, in names and in contents. @param {Repository} repository @returns {Finding[]} */
export function checkBraces({ files, answers }) {
  const texts = Object.values(answers).filter(
    value => typeof value === 'string' && value.includes('{'),
  );
  const findings = [];
  for (const [file, { content }] of files) {
    if (/\$\{\{|\.njk$/.test(file)) {
      findings.push({ file, message: 'has a name that was not rendered' });
    }
    // The person's own table and the bundled action are copied byte for byte, and a record holds any text.
    if (/^data\/|^\.greenroom\/|^\.github\/actions\/\w+\/dist\//.test(file)) {
      continue;
    }
    const key = cacheKey('braces', file, content);
    if (texts.length === 0 && cache.has(key)) {
      findings.push(.../** @type {Finding[]} */ (cache.get(key)));
      continue;
    }
    const found = findDirectives(file, content, texts);
    cache.set(key, found);
    findings.push(...found);
  }
  return findings;
}

/** @param {string} file @param {Buffer} content @param {string[]} texts */
function findDirectives(file, content, texts) {
  let text = content.toString('utf8');
  if (file.endsWith('.md')) {
    text = text.replace(/\\([\\`*_[\]{}])/g, '$1');
  }
  for (const theirs of texts) {
    for (const form of [theirs, JSON.stringify(theirs).slice(1, -1)]) {
      text = text.replaceAll(form, '');
    }
  }
  const at = text.search(DIRECTIVE);
  return at < 0
    ? []
    : [
        {
          file,
          message: `was not rendered: ${text.slice(at, at + 40).split('\n')[0]}`,
        },
      ];
}

/**
 * Findings by content: most files are the same in most combinations.
 *
 * @type {Map<string, Finding[]>}
 */
const cache = new Map();

/** @param {string} what @param {string} file @param {Buffer} content */
function cacheKey(what, file, content) {
  return createHash('sha1')
    .update(`${what}\0${file}\0`)
    .update(content)
    .digest('base64');
}

/** YAML and JSON can be read, and no key is there twice. @param {Repository} repository @returns {Finding[]} */
export function checkSyntax({ files }) {
  const findings = [];
  for (const [file, { content }] of files) {
    if (!/\.(ya?ml|json|sarif)$/.test(file)) {
      continue;
    }
    const key = cacheKey('syntax', file, content);
    const found = cache.get(key) ?? parse(file, content.toString('utf8'));
    cache.set(key, found);
    findings.push(...found);
  }
  return findings;
}

/** @param {string} file @param {string} text @returns {Finding[]} */
function parse(file, text) {
  if (path.extname(file) === '.json') {
    try {
      JSON.parse(text);
      return [];
    } catch (error) {
      return [{ file, message: /** @type {Error} */ (error).message }];
    }
  }
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, uniqueKeys: true });
  return (Array.isArray(documents) ? documents : []).flatMap(document =>
    document.errors.map(error => ({ file, message: error.message })),
  );
}
