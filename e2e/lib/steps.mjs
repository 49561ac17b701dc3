/** Signs in as a guest, if the page asks for it. */
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
 */
export async function createModel(page, url, name) {
  await page.goto(`${url}/create/templates/default/model-service`);
  const nameField = page.getByRole('textbox', { name: /^Name/ });
  await nameField.fill(name);
  for (let step = 0; step < 3; step++) {
    await page.getByRole('button', { name: 'Next', exact: true }).click();
  }
  await page.getByRole('button', { name: 'Review', exact: true }).click();
  await page.getByRole('button', { name: 'Create model', exact: true }).click();
  const pressed = Date.now();
  await page
    .getByRole('link', { name: 'Open the model in the catalog' })
    .waitFor({ timeout: 90_000 });
  return pressed;
}
