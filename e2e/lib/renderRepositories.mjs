// SPDX-License-Identifier: Apache-2.0

// A process of its own, because a backend leaves timers behind and the engine takes
// GitHub's addresses for its own. Reads from standard input, as JSON:
// { githubHost, repositories: [{ folder, values }] }; every folder is written.
import fs from 'node:fs';
import { startEngine } from '../../scripts/lib/templates/engine.mjs';
import { writeFiles } from '../../scripts/lib/templates/render.mjs';
import { loadTemplate } from '../../scripts/lib/templates/templateFiles.mjs';

const { githubHost, repositories } = JSON.parse(fs.readFileSync(0, 'utf8'));
const template = loadTemplate('model-service');
const engine = await startEngine({ githubHosts: [githubHost] });
for (const { folder, values } of repositories) {
  writeFiles(await engine.render(template, values), folder);
}
await engine.stop();
process.exit();
