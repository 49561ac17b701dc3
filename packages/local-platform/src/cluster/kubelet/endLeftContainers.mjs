// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { readJsonIfValid } from '../../../bootstrap/files.mjs';
import { killRecorded } from '../../../bootstrap/partRecords.mjs';

/**
 * Ends the containers that pods' folders have records of, with all that they have started.
 *
 * @param {string[]} podDirs
 * @returns {number} How many were alive.
 */
export function endLeftContainers(podDirs) {
  const records = podDirs.flatMap(podDir => {
    const folder = path.join(podDir, 'containers');
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    return names.flatMap(name => {
      const record = readJsonIfValid(path.join(folder, name, 'record.json'));
      return record?.process ? [record.process] : [];
    });
  });
  return killRecorded(records);
}
