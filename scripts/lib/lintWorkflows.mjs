// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { root, run } from './run.mjs';
import { getTool } from './tools.mjs';

const FOLDER = '.github/workflows';

/** Lints this repository's workflows; the suite `templates` lints those that it renders. */
export async function lintWorkflows() {
  /** @type {string[]} */
  const reasons = [];
  const result = { passed: 0, failed: 0, skipped: 0, reasons };
  const files = fs
    .readdirSync(path.join(root, FOLDER))
    .filter(file => file.endsWith('.yml'))
    .map(file => path.join(FOLDER, file));
  const linters = {
    actionlint: files,
    zizmor: ['--offline', '--no-progress', FOLDER],
  };
  for (const [name, args] of Object.entries(linters)) {
    const tool = await getTool(name);
    if (!tool.path) {
      result.skipped += 1;
      reasons.push(`${name}: ${tool.reason}`);
      continue;
    }
    const { code, output } = await run(tool.path, args, { quiet: true });
    console.log(
      `${code === 0 ? '✓' : '✗'} ${name} (${files.length} workflows)`,
    );
    if (code === 0) {
      result.passed += 1;
    } else {
      result.failed += 1;
      console.log(output);
    }
  }
  return result;
}
