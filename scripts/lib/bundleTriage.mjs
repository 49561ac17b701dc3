// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './run.mjs';

const PACKAGES = ['plugins/triage-common', 'packages/triage-engine'];

/** What the bundle is made from: names, sizes and times, which cost nothing to ask. */
function sourceKey() {
  const hash = createHash('sha256').update(process.version);
  const files = PACKAGES.flatMap(name => {
    const folder = path.join(root, name, 'src');
    return fs
      .readdirSync(folder, { recursive: true })
      .map(file => path.join(folder, String(file)))
      .filter(file => /(?<!\.test)\.(ts|json)$/.test(file));
  });
  for (const file of [...files.sort(), path.join(root, 'yarn.lock')]) {
    const { size, mtimeMs } = fs.statSync(file);
    hash.update(`${path.relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Another process may still load one that was made a moment ago. */
const KEPT_MS = 24 * 60 * 60_000;

/** @param {string} cache */
function removeOld(cache) {
  for (const name of fs.readdirSync(cache)) {
    const folder = path.join(cache, name);
    const stat = fs.statSync(folder, { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > KEPT_MS) {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

/**
 * One file with the engine and its command line, made anew when a source has
 * changed.
 *
 * @returns {Promise<string>} Its path.
 */
export async function bundleTriage() {
  const cache = path.join(
    process.env.GREENROOM_CACHE_DIR ?? path.join(root, '.greenroom', 'cache'),
    'triage',
  );
  const folder = path.join(cache, sourceKey());
  const file = path.join(folder, 'triage.cjs');
  if (fs.existsSync(file)) {
    return file;
  }
  const { build } = await import('esbuild');
  fs.mkdirSync(cache, { recursive: true });
  const making = fs.mkdtempSync(path.join(cache, 'making-'));
  try {
    await build({
      entryPoints: [path.join(root, 'packages/triage-engine/src/cli/main.ts')],
      outfile: path.join(making, 'triage.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node22',
      logLevel: 'warning',
    });
    removeOld(cache);
    fs.renameSync(making, folder);
  } catch (error) {
    // Another process may have made the same one in the meantime.
    if (!fs.existsSync(file)) {
      throw error;
    }
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
  return file;
}
