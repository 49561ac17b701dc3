// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';

/**
 * Signs in as a guest, if the page asks for it.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} url Of the portal.
 */
export async function signIn(page, url) {
  await page.goto(url);
  const enter = page.getByRole('button', { name: 'Enter' });
  const home = page.getByRole('heading', { name: /^Your models/ });
  await enter.or(home).first().waitFor();
  if (await enter.isVisible()) {
    await enter.click();
  }
  await home.waitFor();
}

/**
 * Goes through Create → Model service as a newcomer does, changing only the name,
 * waits until the task is done, and resolves with the time of the last press.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} url Of the portal.
 * @param {string} name Of the model.
 */
export async function createModel(page, url, name) {
  await page.goto(`${url}/create/templates/default/model-service`);
  const nameField = page.getByRole('textbox', { name: /^Name/ });
  // A person reads what the form proposes before typing.
  await page.getByRole('button', { name: /Fraud detection.*Owner/ }).waitFor();
  await page.waitForFunction(
    id =>
      /** @type {HTMLInputElement | null} */ (document.getElementById(`${id}`))
        ?.value,
    await nameField.getAttribute('id'),
  );
  await nameField.fill(name);
  const press = (/** @type {string} */ button) =>
    page.getByRole('button', { name: button, exact: true }).click();
  await press('Next');
  await page.getByRole('radiogroup', { name: 'Data set' }).waitFor();
  await press('Next');
  await page.getByRole('radiogroup', { name: 'Framework' }).waitFor();
  await press('Next');
  await page.getByRole('radiogroup', { name: 'Metric' }).waitFor();
  await press('Next');
  await page.getByRole('textbox', { name: /^Repository name/ }).waitFor();
  await press('Next');
  await page.getByRole('radiogroup', { name: 'Serving' }).waitFor();
  await press('Review');
  await page.getByRole('cell', { name, exact: true }).waitFor();
  await page.getByRole('button', { name: 'Create model', exact: true }).click();
  const pressed = Date.now();
  await page
    .getByRole('link', { name: 'Open the model in the catalog' })
    .waitFor({ timeout: 90_000 });
  return pressed;
}

/** Edits a clone so that the model it trains stays far below the gate. @param {string} folder */
export function learnLess(folder) {
  const file = path.join(folder, 'config.yaml');
  const config = fs.readFileSync(file, 'utf8');
  // A leaf larger than the data: the forest can only answer the average.
  const worse = config.replace(
    'parameters: {}',
    'parameters: { min_samples_leaf: 100000 }',
  );
  if (worse === config) {
    throw new Error('config.yaml has no empty model.parameters any more');
  }
  fs.writeFileSync(file, worse);
}

/** Takes back what `learnLess` did. @param {string} folder */
export function learnAgain(folder) {
  const file = path.join(folder, 'config.yaml');
  const config = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(
    file,
    config.replace(/parameters: \{ .+ \}/, 'parameters: {}'),
  );
}
