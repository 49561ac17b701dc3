// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { readJsonIfValid } from '../../../bootstrap/files.mjs';
import { isAlive, sleep } from '../../../bootstrap/processes.mjs';
import { endLeftContainers } from './endLeftContainers.mjs';

// Runs when a kubelet has ended without ending its containers: it was killed. A new one takes them over; where none
// comes, the platform is gone, and they must not outlive it.
const [rootDir, adoptionMs] = process.argv.slice(2);
const deadline = Date.now() + Number(adoptionMs);

function kubeletIsThere() {
  return isAlive(readJsonIfValid(path.join(rootDir, 'kubelet.json')));
}

while (!kubeletIsThere() && Date.now() < deadline) {
  await sleep(500);
}
if (!kubeletIsThere()) {
  const podsDir = path.join(rootDir, 'pods');
  const names = fs.existsSync(podsDir) ? fs.readdirSync(podsDir) : [];
  endLeftContainers(names.map(name => path.join(podsDir, name)));
}
