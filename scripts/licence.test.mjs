// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from './lib/run.mjs';

const NOTICE = '// SPDX-License-Identifier: Apache-2.0\n';
const SOURCES =
  /^(packages|plugins|scripts|e2e|eval|benchmarks|eslint)\/.*\.(ts|tsx|mjs)$/;
/** Recorded texts, and what a tool wrote. */
const OTHERS = /\/(fixtures|__fixtures__|corpus|logs|data|migrations)\//;

test('every source names its licence in its first lines', () => {
  const files = execFileSync('git', ['ls-files', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
    .split('\0')
    .filter(file => SOURCES.test(file) && !OTHERS.test(file))
    .filter(file => fs.existsSync(path.join(root, file)));
  assert.ok(files.length > 500, `only ${files.length} were found`);
  const lacking = files.filter(file => {
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    return !text.replace(/^#!.*\n/, '').startsWith(NOTICE);
  });
  assert.deepEqual(lacking, [], `these lack ${NOTICE}`);
});
