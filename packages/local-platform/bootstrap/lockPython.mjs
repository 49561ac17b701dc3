// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from './Problem.mjs';
import { run } from './processes.mjs';
import { findPython, uvSettings } from './python.mjs';
import { ensureUv } from './uv.mjs';

/**
 * Resolves `<name>.in` to `<name>.lock` for every platform and supported Python, with hashes and
 * without the address of any index.
 *
 * @param {{ locksDir: string, cacheDir: string }} options
 * @returns {Promise<number>}
 */
export async function lockPython({ locksDir, cacheDir }) {
  const python = findPython();
  const uv = await ensureUv({ python, locksDir, cacheDir });
  for (const file of fs
    .readdirSync(locksDir)
    .filter(name => name.endsWith('.in'))) {
    const lock = file.replace(/\.in$/, '.lock');
    const result = await run(
      uv,
      [
        'pip',
        'compile',
        '--quiet',
        '--upgrade',
        '--universal',
        '--python-version',
        '3.10',
        '--generate-hashes',
        '--no-emit-index-url',
        '--no-header',
        '--no-annotate',
        file,
        '--output-file',
        lock,
      ],
      {
        cwd: locksDir,
        env: {
          ...process.env,
          ...uvSettings(python),
          UV_CACHE_DIR: path.join(cacheDir, 'uv-cache'),
        },
      },
    );
    if (result.code !== 0) {
      throw new Problem(
        `${file} could not be resolved.`,
        'Read what uv says, and correct the file.',
        {
          detail: result.lines.slice(-8),
        },
      );
    }
    process.stdout.write(`${path.join(locksDir, lock)}\n`);
  }
  return 0;
}
