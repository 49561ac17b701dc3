// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import path from 'node:path';
import { writeAtomically } from '../../../bootstrap/files.mjs';
import { ownRecord } from '../../../bootstrap/processes.mjs';
import { PACKAGE_DIR } from '../../paths';

const REAPER = path.join(
  PACKAGE_DIR,
  'src',
  'cluster',
  'kubelet',
  'reaper.mjs',
);

/** Waits, as small as a process can be, until its standard input ends with the kubelet. */
const WAIT = 'cat > /dev/null; exec "$@"';

/**
 * Makes sure that containers do not outlive the platform even when the kubelet is killed: a process of its own ends them when no
 * other kubelet has taken them over in time.
 *
 * @returns what ends the reaper: the kubelet has ended its containers itself.
 */
export function startReaper(rootDir: string, adoptionMs: number): () => void {
  writeAtomically(
    path.join(rootDir, 'kubelet.json'),
    JSON.stringify(ownRecord()),
    0o600,
  );
  const child = spawn(
    '/bin/sh',
    ['-c', WAIT, 'sh', process.execPath, REAPER, rootDir, String(adoptionMs)],
    {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env.PATH },
    },
  );
  child.stdin.on('error', () => {});
  child.unref();
  return () => {
    if (child.pid) {
      process.kill(-child.pid, 'SIGKILL');
    }
  };
}
