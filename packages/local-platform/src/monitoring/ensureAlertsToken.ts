// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { writeAtomically } from '../../bootstrap/files.mjs';
import { monitoringFiles } from './MonitoringContext';

/** The file of the token with which Alertmanager comes to the portal: made once, readable by this user only. */
export function ensureAlertsToken(dir: string): string {
  const file = monitoringFiles(dir).alertsToken;
  if (!fs.existsSync(file)) {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
    writeAtomically(file, randomBytes(32).toString('hex'), 0o600);
  }
  return file;
}
