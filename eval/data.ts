// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
);

const cache = path.join(
  process.env.GREENROOM_CACHE_DIR ?? path.join(root, '.greenroom', 'cache'),
  'eval',
);

/** The labelled logs, unpacked once; answers the folder. */
export function unpackLogReduction(): string {
  const archive = path.join(root, 'eval', 'log-reduction', 'data.tar.gz');
  const key = createHash('sha256')
    .update(fs.readFileSync(archive))
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(cache, `log-reduction-${key}`);
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(cache, { recursive: true });
    const making = fs.mkdtempSync(path.join(cache, 'making-'));
    const { status, stderr } = spawnSync('tar', [
      '-xzf',
      archive,
      '-C',
      making,
    ]);
    if (status !== 0) {
      throw new Error(`${archive} cannot be unpacked: ${stderr}`);
    }
    fs.renameSync(making, folder);
  }
  return folder;
}
