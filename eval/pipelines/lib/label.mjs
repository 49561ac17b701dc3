// SPDX-License-Identifier: Apache-2.0
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

const TIMESTAMP = /^\ufeff?\d{4}-\d\d-\d\dT[\d:.]+Z ?/;
// eslint-disable-next-line no-control-regex
const ANSI = /\u001b\[[0-9;]*[A-Za-z]/g;

/**
 * The label of a case: what the person who planted the fault says of it. The lines are
 * those of the failing step that `root` matches, found again in every file of the
 * archive that holds the step.
 *
 * @param {{ type: string, job: string, step: string, root?: [RegExp, RegExp?], why: string }} fault
 * @param {Buffer} archive the failed run's logs
 */
export async function label(fault, archive) {
  const rootLines = [];
  for (const [source, lines] of await readArchive(archive)) {
    const isJob = new RegExp(`^-?\\d+_${escape(fault.job)}\\.txt$`);
    const isStep = new RegExp(
      `^${escape(fault.job)}/\\d+_${escape(fault.step)}\\.txt$`,
    );
    if (fault.root && (isJob.test(source) || isStep.test(source))) {
      const range = find(lines, fault.root);
      if (range) {
        rootLines.push([source, ...range]);
      }
    }
  }
  if (fault.root && rootLines.length === 0) {
    throw new Error(
      `No line of ${fault.job} / ${fault.step} matches ${fault.root[0]}`,
    );
  }
  return {
    type: fault.type,
    ...(fault.alternatives && { alternatives: fault.alternatives }),
    step: `${fault.job} / ${fault.step}`,
    rootLines,
    note: `${fault.why} Labelled by whoever planted the fault, who marked the lines after reading the log.`,
  };
}

function find(lines, [first, last = first]) {
  const from = lines.findIndex(line => first.test(line));
  if (from < 0) {
    return undefined;
  }
  const to = lines.findIndex((line, index) => index >= from && last.test(line));
  return [from + 1, (to < 0 ? from : to) + 1];
}

async function readArchive(archive) {
  const zip = await fromBufferPromise(archive, { lazyEntries: true });
  const files = new Map();
  for await (const entry of zip.eachEntry()) {
    const stream = await zip.openReadStreamPromise(entry);
    const text = (await buffer(stream)).toString('utf8');
    files.set(
      entry.fileName,
      text
        .split(/\r\n|\r|\n/)
        .map(line => line.replace(TIMESTAMP, '').replace(ANSI, '')),
    );
  }
  return files;
}

function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
