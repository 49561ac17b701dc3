// SPDX-License-Identifier: Apache-2.0

// Remakes the pictures of the README in docs/images: a portal of its own, one
// model made through the form, one commit that fails at the gate.
import fs from 'node:fs';
import path from 'node:path';
import { findBrowser, startBrowser } from '../e2e/lib/browser.mjs';
import { connectForge } from '../e2e/lib/forge.mjs';
import { photograph } from '../e2e/lib/photograph.mjs';
import { root, startPortal } from '../e2e/lib/portal.mjs';
import { createModel, learnLess, signIn } from '../e2e/lib/steps.mjs';

const MODEL = 'churn-risk';
const REPOSITORY = `greenroom-demo/${MODEL}`;

const executablePath = findBrowser();
if (!executablePath) {
  console.error(
    'No Chrome or Chromium is installed. Install one, or name it with CHROME_PATH.',
  );
  process.exit(1);
}
const folder = path.join(root, 'docs', 'images');
fs.mkdirSync(folder, { recursive: true });

const portal = await startPortal();
const browser = await startBrowser(executablePath);
try {
  const forge = connectForge(portal);
  const page = await browser.newPage();
  await signIn(page, portal.url);
  await createModel(page, portal.url, MODEL);
  const [run] = await forge.runsOfCI(REPOSITORY);
  await forge.completedRun(REPOSITORY, run.head_sha);
  const sha = forge.push(REPOSITORY, 'Try larger leaves', learnLess);
  await forge.completedRun(REPOSITORY, sha);
  const model = `/catalog/default/component/${MODEL}`;
  await photograph({
    browser,
    url: portal.url,
    folder,
    sizes: ['wide'],
    pages: [
      { name: 'home', route: '/', text: 'Gate failed' },
      { name: 'overview', route: model, text: 'Gate failed' },
      { name: 'training', route: `${model}/training`, text: /< 0\.9/ },
      {
        name: 'triage',
        route: `${model}/triage`,
        text: /below the quality gate/,
      },
      { name: 'inbox', route: '/inbox/attention', text: MODEL },
      {
        name: 'create',
        route: '/create/templates/default/model-service',
        text: 'Component',
        // Backstage's own form.
        isForeign: true,
      },
    ],
  });
} finally {
  await browser.close();
  await portal.remove();
}
console.log(`The pictures are in ${path.relative(process.cwd(), folder)}`);
