// SPDX-License-Identifier: Apache-2.0

// Builds packages/greenroom-ml into the template: `npm run build:wheel`. With `--check` nothing is
// written, and what is committed has to be what would be.
import fs from 'node:fs';
import path from 'node:path';
import { wheelFiles } from './lib/buildWheel.mjs';
import { root } from './lib/run.mjs';

const isCheck = process.argv.includes('--check');
for (const [name, content] of await wheelFiles()) {
  const file = path.join(root, name);
  const isSame = fs.existsSync(file) && fs.readFileSync(file).equals(content);
  if (!isSame && isCheck) {
    console.error(
      `${name} is out of date; \`npm run build:wheel\` makes it anew`,
    );
    process.exitCode = 1;
  } else if (!isSame) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    console.log(`${name}: ${content.length} bytes`);
  }
}
