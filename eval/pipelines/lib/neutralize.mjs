// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import yazl from 'yazl';

const EPOCH = new Date('2026-01-01T00:00:00Z');

/**
 * The same archive with other words in its files: paths of the machine become those of
 * a runner of GitHub's. Names, order and lines stay.
 *
 * @param {Buffer} archive
 * @param {Array<[string, string]>} replacements
 */
export async function neutralize(archive, replacements) {
  const zip = await fromBufferPromise(archive, { lazyEntries: true });
  const copy = new yazl.ZipFile();
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) {
      continue;
    }
    const stream = await zip.openReadStreamPromise(entry);
    const text = (await buffer(stream)).toString('utf8');
    copy.addBuffer(
      Buffer.from(replaceAll(text, replacements)),
      entry.fileName,
      { mtime: EPOCH, compressionLevel: 9 },
    );
  }
  copy.end();
  return buffer(copy.outputStream);
}

/** @param {string} text @param {Array<[string, string]>} replacements */
export function replaceAll(text, replacements) {
  return replacements.reduce(
    (result, [from, to]) => result.replaceAll(from, to),
    text,
  );
}
