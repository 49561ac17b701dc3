import fs from 'node:fs';
import path from 'node:path';
import {
  findPython,
  uvSettings,
} from '../../packages/local-platform/bootstrap/python.mjs';
import { root, run } from './run.mjs';

const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';
const ZIZMOR = 'zizmor==1.32.0';

const cache =
  process.env.GREENROOM_CACHE_DIR ?? path.join(root, '.greenroom', 'cache');

async function findActionlint() {
  const tools = path.join(cache, 'tools');
  const binary = path.join(tools, 'actionlint');
  if (fs.existsSync(binary)) {
    return binary;
  }
  const { code } = await run('go', ['install', ACTIONLINT], {
    quiet: true,
    env: { GOBIN: tools, GOFLAGS: '-mod=mod' },
  }).catch(() => ({ code: 1 }));
  return code === 0 ? binary : undefined;
}

/** Lints this repository's workflows and those of the templates. */
export async function lintWorkflows() {
  const result = { passed: 0, failed: 0, skipped: 0, reasons: [] };
  const record = (name, code, output) => {
    console.log(`${code === 0 ? '✓' : '✗'} ${name}`);
    if (code === 0) {
      result.passed += 1;
    } else {
      result.failed += 1;
      console.log(output);
    }
  };
  const workflows = [
    '.github/workflows',
    'templates/model-service/skeleton/.github/workflows',
  ].filter(folder => fs.existsSync(path.join(root, folder)));
  const files = workflows.flatMap(folder =>
    fs
      .readdirSync(path.join(root, folder))
      .filter(file => file.endsWith('.yml'))
      .map(file => path.join(folder, file)),
  );

  const actionlint = await findActionlint();
  if (actionlint) {
    const { code, output } = await run(actionlint, files, { quiet: true });
    record(`actionlint (${files.length} workflows)`, code, output);
  } else {
    result.skipped += 1;
    result.reasons.push('actionlint needs Go to be built');
  }

  const uv = process.env.GREENROOM_UV ?? 'uv';
  for (const folder of workflows) {
    const { code, output } = await run(
      uv,
      ['tool', 'run', ZIZMOR, '--offline', '--no-progress', folder],
      {
        quiet: true,
        env: {
          ...uvSettings(findPython()),
          UV_CACHE_DIR: path.join(cache, 'uv-cache'),
        },
      },
    );
    record(`zizmor ${folder}`, code, output);
  }
  return result;
}
