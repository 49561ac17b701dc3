// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './run.mjs';

/** What a bundle is made from: names, sizes and times, which cost nothing to ask. @param {string[]} packages */
function sourceKey(packages) {
  const hash = createHash('sha256').update(process.version);
  const files = packages.flatMap(name => {
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
 * One file of TypeScript sources and all that they import, made anew when a
 * source has changed: a command line that starts fast.
 *
 * @param {{ name: string; entry: string; packages: string[] }} options
 *   `name` is the folder in the cache, `packages` are those whose sources count.
 * @returns {Promise<string>} Its path.
 */
export async function bundle({ name, entry, packages }) {
  const cache = path.join(
    process.env.GREENROOM_CACHE_DIR ?? path.join(root, '.greenroom', 'cache'),
    name,
  );
  const folder = path.join(cache, sourceKey(packages));
  const file = path.join(folder, `${name}.cjs`);
  if (fs.existsSync(file)) {
    return file;
  }
  const { build } = await import('esbuild');
  fs.mkdirSync(cache, { recursive: true });
  const making = fs.mkdtempSync(path.join(cache, 'making-'));
  try {
    await build({
      entryPoints: [path.join(root, entry)],
      outfile: path.join(making, `${name}.cjs`),
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
