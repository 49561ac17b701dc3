// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';

const require = createRequire(import.meta.url);
/** @type {typeof import('eslint')} */
const { ESLint } = require('eslint');
const root = path.resolve(import.meta.dirname, '..');

/** @param {string} file @param {string} code */
async function lint(file, code) {
  const eslint = new ESLint({ cwd: root });
  const [result] = await eslint.lintText(code, {
    filePath: path.join(root, file),
  });
  assert.deepEqual(
    result.messages.filter(message => message.fatal),
    [],
  );
  return result.messages;
}

/** @param {string} file @param {string} code @param {string} rule @param {RegExp} words */
async function refuses(file, code, rule, words) {
  const messages = await lint(file, code);
  const found = messages.filter(message => message.ruleId === rule);
  assert.ok(
    found.some(message => words.test(message.message)),
    `${file} should be refused by ${rule}: ${JSON.stringify(messages)}`,
  );
}

/** @param {string} file @param {string} code @param {string} rule */
async function accepts(file, code, rule) {
  const messages = await lint(file, code);
  assert.deepEqual(
    messages.filter(message => message.ruleId === rule),
    [],
  );
}

const SYNTAX = 'no-restricted-syntax';

test('Material UI is refused in every form of import, in code and in tests', async () => {
  for (const code of [
    "import Box from '@material-ui/core/Box';\nexport { Box };\n",
    "import { Box } from '@mui/material';\nexport { Box };\n",
    "import type { BoxProps } from '@material-ui/core';\nexport type P = BoxProps;\n",
    "export { Box } from '@material-ui/core';\n",
    "export * from '@mui/material';\n",
    "export const box = () => import('@material-ui/core/Box');\n",
    "export const Box = require('@material-ui/core/Box');\n",
    "export type P = import('@mui/material').BoxProps;\n",
  ]) {
    await refuses('plugins/mlflow/src/X.tsx', code, SYNTAX, /Material UI/);
    await refuses('packages/app/src/X.tsx', code, SYNTAX, /Material UI/);
  }
  await refuses(
    'plugins/mlflow/src/X.test.tsx',
    "import { Box } from '@mui/material';\ntest('x', () => expect(Box).toBeDefined());\n",
    SYNTAX,
    /Material UI/,
  );
  await accepts(
    'plugins/mlflow/src/X.tsx',
    "import { Box } from '@backstage/ui';\nexport { Box };\n",
    SYNTAX,
  );
});

test('imports run in one direction only', async () => {
  const importing = (/** @type {string} */ name) =>
    `import { x } from '@greenroom/plugin-${name}';\nexport { x };\n`;
  const allowed = {
    'mlflow-common': ['triage-common'],
    'mlflow-node': ['mlflow-common', 'triage-node'],
    'mlflow-backend': ['mlflow-common', 'mlflow-node'],
    'scaffolder-backend-module-ml': ['mlflow-common', 'mlflow-node'],
    mlflow: ['mlflow-common', 'triage-common'],
    'scaffolder-module-ml': ['mlflow-common'],
  };
  const everything = [
    'triage-common',
    'triage-node',
    'triage-backend',
    'triage',
    'mlflow-common',
    'mlflow-node',
    'mlflow-backend',
    'mlflow',
    'scaffolder-backend-module-ml',
  ];
  for (const [name, may] of Object.entries(allowed)) {
    const file = `plugins/${name}/src/X.ts`;
    for (const target of everything.filter(other => other !== name)) {
      const ending = target.match(/-(common|node)$/)?.[1];
      const endings = may.map(other => other.match(/-(common|node)$/)?.[1]);
      if (ending && endings.includes(ending)) {
        await accepts(file, importing(target), SYNTAX);
      } else {
        await refuses(file, importing(target), SYNTAX, /may import only/);
      }
    }
  }
  await refuses(
    'plugins/mlflow-node/src/X.ts',
    "export const x = () => import('@greenroom/plugin-mlflow-backend');\n",
    SYNTAX,
    /may import only/,
  );
});

test('imports that lead back are refused', async () => {
  // The rule reads what stands on disk.
  const folder = fs.mkdtempSync(
    path.join(root, 'packages/http-security/src/circle-'),
  );
  try {
    fs.writeFileSync(
      path.join(folder, 'a.ts'),
      "import { b } from './b';\n\nexport const a = () => b;\n",
    );
    fs.writeFileSync(
      path.join(folder, 'b.ts'),
      "import { a } from './a';\n\nexport const b = () => a;\n",
    );
    const results = await new ESLint({ cwd: root }).lintFiles([folder]);
    assert.deepEqual(
      results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId)),
      ['import/no-cycle', 'import/no-cycle'],
    );
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test('any is refused', async () => {
  await refuses(
    'plugins/mlflow-node/src/X.ts',
    'export const x: any = 1;\n',
    '@typescript-eslint/no-explicit-any',
    /any/,
  );
});

test('there is one way to write what is private, constants, errors and blocks', async () => {
  const file = 'plugins/mlflow-node/src/X.ts';
  for (const [code, words] of /** @type {Array<[string, RegExp]>} */ ([
    ['export class X {\n  private x = 1;\n}\n', /#name/],
    ['export class X {\n  private readonly x = 1;\n}\n', /#name/],
    ['export class X {\n  private x() {}\n}\n', /#name/],
    ['export class X {\n  private static x() {}\n}\n', /#name/],
    ['export class X {\n  private get x() {\n    return 1;\n  }\n}\n', /#name/],
    ['export class X {\n  constructor(readonly x: number) {}\n}\n', /field/],
    ['const waitMs = 5;\nexport const x = () => waitMs;\n', /LIKE_THIS/],
    ["export const route = '/x';\n", /LIKE_THIS/],
    [
      'export const x = (e: unknown) =>\n  e instanceof Error ? e.message : String(e);\n',
      /toError/,
    ],
  ])) {
    await refuses(file, code, SYNTAX, words);
  }
  for (const code of [
    'export class X {\n  readonly #x = 1;\n  get x() {\n    return this.#x;\n  }\n}\n',
    'export class X {\n  private constructor() {}\n}\n',
    'export class X {\n  protected x = 1;\n}\n',
    'export const WAIT_MS = 5;\nexport const wait = () => WAIT_MS;\n',
  ]) {
    await accepts(file, code, SYNTAX);
  }
  await refuses(
    file,
    'export const x = (y: boolean) => {\n  if (y) return 1;\n  return 2;\n};\n',
    'curly',
    /\{/,
  );
});

test('files end where a reader would lose the thread', async () => {
  const lines = (/** @type {number} */ count) => 'export {};\n'.repeat(count);
  const limits = {
    'plugins/mlflow-backend/src/services/X.ts': 300,
    'plugins/mlflow-backend/src/router.ts': 250,
    'plugins/mlflow-backend/src/actions/x.ts': 240,
    'plugins/mlflow-backend/src/plugin.ts': 120,
    'plugins/mlflow/src/components/X/X.tsx': 200,
    'plugins/mlflow/src/hooks/useX.ts': 80,
    'packages/local-github/src/forge/x.ts': 300,
  };
  for (const [file, max] of Object.entries(limits)) {
    await accepts(file, lines(max), 'max-lines');
    await refuses(file, lines(max + 1), 'max-lines', new RegExp(`${max}`));
  }
  await accepts(
    'plugins/mlflow-backend/src/x.test.ts',
    lines(900),
    'max-lines',
  );
});

test('an expression that takes more than linear time is refused', async () => {
  for (const [expression, rule] of [
    ['/^(\\d+\\.?\\d*)$/', 'regexp/no-super-linear-backtracking'],
    ['/^(?:a+)+$/', 'regexp/no-super-linear-backtracking'],
    ['/\\/+$/', 'regexp/no-super-linear-move'],
  ]) {
    const code = `export const expression = ${expression};\n`;
    await refuses('plugins/mlflow/src/x.ts', code, rule, /./);
    await refuses('packages/local-platform/bootstrap/x.mjs', code, rule, /./);
    await accepts('plugins/mlflow/src/x.test.ts', code, rule);
  }
});
