// SPDX-License-Identifier: Apache-2.0

// Bundles the triage action: `npm run build:action`. With `--check` nothing is written, and what is
// committed has to be what would be.
import fs from 'node:fs';
import path from 'node:path';
import { ACTION_FOLDERS, bundleAction } from './lib/bundleAction.mjs';
import { root } from './lib/run.mjs';

const isCheck = process.argv.includes('--check');
const files = await bundleAction();
for (const folder of ACTION_FOLDERS) {
  for (const [name, content] of files) {
    const file = path.join(root, folder, name);
    const isSame = fs.existsSync(file) && fs.readFileSync(file).equals(content);
    if (!isSame && isCheck) {
      console.error(
        `${folder}/${name} is out of date; \`npm run build:action\` makes it anew`,
      );
      process.exitCode = 1;
    } else if (!isSame) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, content);
      console.log(`${folder}/${name}: ${content.length} bytes`);
    }
  }
}
