// SPDX-License-Identifier: Apache-2.0

// Scores the triage engine. Started by `npm run eval` through scripts/greenroom.mjs.
import path from 'node:path';
import { root, run } from './lib/run.mjs';

const [part, ...rest] = process.argv.slice(2);
const isCrossValidation = part === 'cross-validation';
const { code } = await run(process.execPath, [
  '--import',
  'tsx',
  path.join(
    root,
    'eval',
    isCrossValidation ? 'log-reduction/crossValidate.ts' : 'main.ts',
  ),
  ...(isCrossValidation ? rest : process.argv.slice(2)),
]);
process.exitCode = code;
