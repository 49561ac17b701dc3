// SPDX-License-Identifier: Apache-2.0

// The triage engine on the command line. Started by `npm run triage` through
// scripts/greenroom.mjs; bundled once, since a score asks for a quick start.
import { pathToFileURL } from 'node:url';
import { bundleTriage } from './lib/bundleTriage.mjs';

const { main } = await import(pathToFileURL(await bundleTriage()).href);
process.exitCode = await main(process.argv.slice(2));
