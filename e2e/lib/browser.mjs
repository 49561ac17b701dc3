// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { chromium } from 'playwright-core';

const INSTALLED = [
  process.env.CHROME_PATH,
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  chromium.executablePath(),
];

/** An installed Chrome or Chromium, else the one that Playwright fetched. */
export function findBrowser() {
  return INSTALLED.find(file => file && fs.existsSync(file));
}

/** @typedef {Awaited<ReturnType<typeof startBrowser>>} Browser */

/**
 * Starts headless Chromium with a new profile. `newPage` opens a page of the
 * given theme and size; the portal follows the system's theme.
 *
 * @param {string} [executablePath]
 */
export async function startBrowser(executablePath) {
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    /** @param {{ theme?: 'light' | 'dark', width?: number, height?: number }} [options] */
    async newPage({ theme = 'light', width = 1440, height = 900 } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        locale: 'en-GB',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      return page;
    },
    close: () => browser.close(),
  };
}
