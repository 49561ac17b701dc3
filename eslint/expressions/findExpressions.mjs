// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';

/** @type {typeof import('typescript')} */
const ts = createRequire(import.meta.url)('typescript');

/**
 * An expression of the house, and where it is.
 *
 * @typedef {{ source: string, flags: string, at: string }} Expression
 * @typedef {import('typescript').Node} Node
 */

const EXEMPT = [
  // Yarn itself.
  /^\.yarn\//,
  // Tests, and what only tests and measurements use, see texts of ours; a slow one delays nobody else.
  /\.test\.[a-z]+$|\/(__testUtils__|__fixtures__|fixtures)\/|^(e2e|benchmarks|scripts\/testing)\//,
  // What is said of faults of ours, found in their logs by who records them.
  /^eval\/pipelines\/faults\//,
  // Custom resources' schemas, as their projects publish them: kubeconform (RE2) and the checks of a
  // generated repository read the manifests of that repository with them, in its own pipeline.
  /^templates\/infra-manifests\/skeleton\/schemas\//,
  // The triage action as it is bundled, of sources that are looked at and of libraries.
  /(?:^|\/)\.github\/actions\/triage\/dist\//,
];

/** The files that are expected to hold expressions, tests and foreign code aside. @param {string} root */
export function listFiles(root) {
  return execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
    .split('\0')
    .filter(
      file =>
        file !== '' &&
        fs.existsSync(path.join(root, file)) &&
        !EXEMPT.some(exempt => exempt.test(file)),
    );
}

/** @type {Map<string, import('typescript').SourceFile>} */
const parsed = new Map();

/** @param {string} file */
function parseScript(file) {
  let script = parsed.get(file);
  if (!script) {
    const text = fs.readFileSync(file, 'utf8');
    const kind = file.endsWith('x') ? ts.ScriptKind.TSX : undefined;
    const target = ts.ScriptTarget.Latest;
    script = ts.createSourceFile(file, text, target, true, kind);
    parsed.set(file, script);
  }
  return script;
}

/** @param {Node} node @returns {Generator<Node>} */
function* walk(node) {
  yield node;
  /** @type {Node[]} */
  const children = [];
  ts.forEachChild(node, child => {
    children.push(child);
  });
  for (const child of children) {
    yield* walk(child);
  }
}

/**
 * Where a name of a file is given its value, in another file of ours too.
 *
 * @param {string} file
 * @param {string} name
 * @returns {{ file: string, node: Node } | undefined}
 */
function findValue(file, name) {
  for (const node of walk(parseScript(file))) {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name) {
      return node.initializer && { file, node: node.initializer };
    }
    const from =
      ts.isImportSpecifier(node) && node.parent.parent.parent.moduleSpecifier;
    if (
      from &&
      node.name.text === name &&
      ts.isStringLiteral(from) &&
      from.text.startsWith('.')
    ) {
      const base = path.resolve(path.dirname(file), from.text);
      const target = ['', '.ts', '.tsx', '.mjs', '/index.ts']
        .map(ending => base + ending)
        .find(each => fs.statSync(each, { throwIfNoEntry: false })?.isFile());
      return target === undefined
        ? undefined
        : findValue(target, (node.propertyName ?? node.name).text);
    }
  }
  return undefined;
}

/**
 * The text that an expression of the language stands for, as far as the source
 * tells; a word for what is known only when it runs, and that has to be escaped.
 *
 * @param {string} file
 * @param {Node} node
 * @returns {string}
 */
function evaluate(file, node, depth = 0) {
  const inner = (/** @type {Node} */ part) => evaluate(file, part, depth + 1);
  if (depth > 20) {
    return 'x';
  }
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  if (ts.isTemplateExpression(node)) {
    return (
      node.head.text +
      node.templateSpans
        .map(span => inner(span.expression) + span.literal.text)
        .join('')
    );
  }
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) {
    return inner(node.expression);
  }
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.PlusToken
  ) {
    return inner(node.left) + inner(node.right);
  }
  if (ts.isRegularExpressionLiteral(node)) {
    return node.text.slice(1, node.text.lastIndexOf('/'));
  }
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'source') {
    return inner(node.expression);
  }
  if (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'join' &&
    ts.isArrayLiteralExpression(node.expression.expression)
  ) {
    return node.expression.expression.elements
      .map(inner)
      .join(node.arguments[0] ? inner(node.arguments[0]) : ',');
  }
  if (ts.isIdentifier(node)) {
    const value = findValue(file, node.text);
    return value ? evaluate(value.file, value.node, depth + 1) : 'x';
  }
  return 'x';
}

/** Literals, and what is handed to `RegExp`, to `match` and to its like. @param {string} file */
function* findInScript(file) {
  for (const node of walk(parseScript(file))) {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const call = node.parent;
      const splits =
        ts.isCallExpression(call) &&
        ts.isPropertyAccessExpression(call.expression) &&
        call.expression.name.text === 'split';
      const flags = node.text.slice(end + 1);
      yield {
        node,
        source: node.text.slice(1, end),
        // It looks for all, as with `g`.
        flags: splits && !flags.includes('g') ? `${flags}g` : flags,
      };
    }
    if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) {
      continue;
    }
    const [first, second] = node.arguments ?? [];
    const isRegExp = node.expression.getText() === 'RegExp';
    const isMatch =
      ts.isPropertyAccessExpression(node.expression) &&
      ['match', 'matchAll', 'search'].includes(node.expression.name.text) &&
      first &&
      ts.isStringLiteralLike(first);
    if (first && (isRegExp || isMatch)) {
      const flags = second && ts.isStringLiteralLike(second) ? second.text : '';
      yield { node, source: evaluate(file, first), flags };
    }
  }
}

/**
 * `pattern` of a JSON schema, in whatever holds it.
 *
 * @param {unknown} value
 * @returns {Generator<{ source: string, flags: string }>}
 */
function* findInSchema(value) {
  if (value && typeof value === 'object') {
    const isSchema = 'type' in value || 'minLength' in value;
    if (isSchema && 'pattern' in value && typeof value.pattern === 'string') {
      yield { source: value.pattern, flags: 'u' };
    }
    for (const [key, child] of Object.entries(value)) {
      // The sentences of ajv-errors are kept by the same words.
      if (key !== 'errorMessage') {
        yield* findInSchema(child);
      }
    }
  }
}

/**
 * gitleaks' rules, as `scripts/gitleaks-rules.py` of triage-engine writes them.
 *
 * @typedef {{ regexes?: Array<[source: string, flags: string]> }} Allowlist
 * @param {{ rules: Array<{ source: string, flags: string, allowlists?: Allowlist[] }>, allowlist: Allowlist }} rules
 */
function* findInRules({ rules, allowlist }) {
  const lists = [allowlist, ...rules.flatMap(rule => rule.allowlists ?? [])];
  for (const { source, flags } of rules) {
    yield { source, flags: `${flags}g` };
  }
  for (const [source, flags] of lists.flatMap(list => list.regexes ?? [])) {
    yield { source, flags };
  }
}

/** @param {string} file */
function* findInData(file) {
  const text = fs.readFileSync(file, 'utf8');
  if (path.basename(file) === 'gitleaks.json') {
    yield* findInRules(JSON.parse(text));
  } else if (text.includes('pattern')) {
    // A template's file may hold several documents; what is no YAML holds no schema.
    const documents = file.endsWith('.json')
      ? [JSON.parse(text)]
      : text
          .split(/^---$/m)
          .map(each => parseYaml(each, { logLevel: 'silent' }));
    for (const document of documents) {
      yield* findInSchema(document);
    }
  }
}

/**
 * Every expression that code of the house runs, found in its sources.
 *
 * @param {string} root
 * @returns {Expression[]}
 */
export function findExpressions(root) {
  /** @type {Expression[]} */
  const found = [];
  for (const name of listFiles(root)) {
    const file = path.join(root, name);
    if (/\.(ts|tsx|mjs|cjs|js|mts|cts|jsx)$/.test(name)) {
      const script = parseScript(file);
      for (const { node, source, flags } of findInScript(file)) {
        const { line } = script.getLineAndCharacterOfPosition(node.getStart());
        found.push({ source, flags, at: `${name}:${line + 1}` });
      }
    } else if (/\.(json|ya?ml)$/.test(name)) {
      for (const expression of findInData(file)) {
        found.push({ ...expression, at: name });
      }
    }
  }
  return found;
}
