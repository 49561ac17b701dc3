#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0

// The one command of this repository. It runs on any Node ≥ 18 with nothing installed, so it may
// import only Node's own modules and local-platform's bootstrap folder.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const major = Number(process.versions.node.split('.')[0]);
if (major < 18) {
  console.error(
    `\n✗ Greenroom needs Node 18 or newer to start, and this is ${process.versions.node} (${process.execPath}).\n` +
      '  Install a current Node (https://nodejs.org, or your package manager), then run `npm start` again.',
  );
  process.exit(1);
}

const { main } = await import('../packages/local-platform/bootstrap/main.mjs');
process.exitCode = await main(process.argv.slice(2), root);
