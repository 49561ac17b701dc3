// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { signIn } from './steps.mjs';

/**
 * @typedef {'light' | 'dark'} Theme
 * @typedef {'wide' | 'narrow'} Size
 * @typedef {{ name: string, route: string, text: string | RegExp, isForeign?: boolean }} PortalPage
 */

/** @type {Record<Size, [width: number, height: number]>} */
const SIZES = { wide: [1440, 1000], narrow: [400, 900] };
const AXE = fs.readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/**
 * What can be read with difficulty or not at all on a page: text below WCAG's
 * contrast of 4.5, controls and links without a name, and a page that is wider
 * than its window.
 *
 * @param {import('playwright-core').Page} page
 */
async function findFaults(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    /** @type {{ axe: typeof import('axe-core') }} */
    const { axe } = Object(globalThis);
    const { violations } = await axe.run(document, {
      runOnly: [
        'color-contrast',
        'button-name',
        'link-name',
        'label',
        'aria-input-field-name',
        'aria-toggle-field-name',
      ],
      resultTypes: ['violations'],
    });
    const { clientWidth, scrollWidth } = document.documentElement;
    return [
      ...violations.flatMap(({ id, nodes }) =>
        nodes.map(({ any, html }) => `${id}: ${html} ${any[0]?.message ?? ''}`),
      ),
      ...(scrollWidth > clientWidth
        ? [`overflow: ${scrollWidth - clientWidth} px`]
        : []),
    ];
  });
}

/**
 * Takes a picture of each page in both themes and sizes, as
 * `<name>-<theme>-<size>.png`, once the page shows the text. Throws at the end,
 * with all that was found, if a page is hard to read; `isForeign` pages are not
 * asked.
 *
 * @param {object} options
 * @param {import('./browser.mjs').Browser} options.browser
 * @param {string} options.url Of the portal.
 * @param {string} options.folder
 * @param {PortalPage[]} options.pages
 * @param {Theme[]} [options.themes]
 * @param {Size[]} [options.sizes]
 */
export async function photograph({
  browser,
  url,
  folder,
  pages,
  themes = ['light', 'dark'],
  sizes = ['wide', 'narrow'],
}) {
  /** @type {string[]} */
  const faults = [];
  for (const theme of themes) {
    for (const size of sizes) {
      const [width, height] = SIZES[size];
      const page = await browser.newPage({ theme, width, height });
      await signIn(page, url);
      for (const { isForeign, name, route, text } of pages) {
        await page.goto(`${url}${route}`);
        await page.getByText(text).first().waitFor();
        // Animations and late fonts.
        await page.waitForTimeout(700);
        const file = `${name}-${theme}-${size}.png`;
        await page.screenshot({ path: path.join(folder, file) });
        const found = isForeign ? [] : await findFaults(page);
        faults.push(...found.map(fault => `${file}: ${fault}`));
      }
      await page.context().close();
    }
  }
  if (faults.length > 0) {
    throw new Error(`Pages are hard to read:\n${faults.join('\n')}`);
  }
}
