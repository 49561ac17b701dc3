// SPDX-License-Identifier: Apache-2.0
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, run } from './run.mjs';

const PACKAGE = path.join(root, 'packages/greenroom-ml');
const TEMPLATE = path.join(root, 'templates/model-service');
const VENDOR = 'skeleton/vendor';
// 1 January 2026: the date of each file in the wheel, so that the same source makes the same bytes.
const SOURCE_DATE_EPOCH = '1767225600';

/**
 * Builds the wheel of greenroom-ml with the locked build tools, the same from the same source.
 *
 * @returns {Promise<{ name: string, content: Buffer }>} the file that pip installs
 */
async function buildWheel() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-wheel-'));
  try {
    const { code, output } = await run(
      process.env.GREENROOM_UV ?? 'uv',
      [
        'build',
        '--wheel',
        '--build-constraints',
        path.join(PACKAGE, 'build.lock'),
        '--require-hashes',
        '--out-dir',
        folder,
        PACKAGE,
      ],
      { env: { SOURCE_DATE_EPOCH }, quiet: true },
    );
    const name = fs.readdirSync(folder).find(file => file.endsWith('.whl'));
    if (code !== 0 || !name) {
      throw new Error(`The wheel cannot be built:\n${output}`);
    }
    return { name, content: fs.readFileSync(path.join(folder, name)) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What the template holds of the wheel: the file itself, and its digest in each lock file.
 *
 * @returns {Promise<Map<string, Buffer>>} the content of each file by its path in the repository
 */
export async function wheelFiles() {
  const { name, content } = await buildWheel();
  const digest = crypto.createHash('sha256').update(content).digest('hex');
  const vendored = path.join(TEMPLATE, VENDOR, name);
  const files = new Map([[path.relative(root, vendored), content]]);
  const line = `./vendor/${name} \\\n    --hash=sha256:${digest}`;
  const locks = fs
    .readdirSync(path.join(TEMPLATE, 'requirements'), { recursive: true })
    .map(String)
    .filter(file => file.endsWith('.lock'));
  for (const lock of locks) {
    const file = path.join(TEMPLATE, 'requirements', lock);
    const text = fs
      .readFileSync(file, 'utf8')
      .replace(
        /^\.\/vendor\/greenroom_ml-\S+ \\\n {4}--hash=sha256:[0-9a-f]{64}$/m,
        line,
      );
    if (!text.includes(line)) {
      throw new Error(
        `${path.relative(root, file)} does not ask for ${name}: make lock in a rendered repository`,
      );
    }
    files.set(path.relative(root, file), Buffer.from(text));
  }
  return files;
}
