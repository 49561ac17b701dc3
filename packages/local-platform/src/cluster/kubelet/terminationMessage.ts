// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { ContainerSpec } from './kubeTypes';
import { tailOfLog } from './readLog';

const MAX_MESSAGE_BYTES = 4096;
const FALLBACK_LINES = 80;
const FALLBACK_BYTES = 2048;

/** A container's last words: what it has written to its termination message path, or the end of its log where its policy says so. */
export async function terminationMessage(
  spec: ContainerSpec,
  exitCode: number,
  files: { termination: string; log: string },
): Promise<string | undefined> {
  const written = readStart(files.termination);
  if (written) {
    return written;
  }
  if (
    exitCode !== 0 &&
    spec.terminationMessagePolicy === 'FallbackToLogsOnError'
  ) {
    const tail = await tailOfLog(files.log, FALLBACK_LINES, FALLBACK_BYTES);
    return tail || undefined;
  }
  return undefined;
}

function readStart(file: string): string {
  try {
    const handle = fs.openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(MAX_MESSAGE_BYTES);
      const length = fs.readSync(handle, buffer);
      return buffer.subarray(0, length).toString();
    } finally {
      fs.closeSync(handle);
    }
  } catch {
    return '';
  }
}
