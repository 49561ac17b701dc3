// Scores the triage engine. Started by `npm run eval` through scripts/greenroom.mjs.
import path from 'node:path';
import { root, run } from './lib/run.mjs';

const { code } = await run(process.execPath, [
  '--import',
  'tsx',
  path.join(root, 'eval', 'main.ts'),
  ...process.argv.slice(2),
]);
process.exitCode = code;
