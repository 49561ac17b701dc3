import path from 'node:path';
import { signIn } from './steps.mjs';

const SIZES = { wide: [1440, 1000], narrow: [420, 900] };

/**
 * Takes a picture of each page in both themes and sizes, as
 * `<name>-<theme>-<size>.png`, once the page shows the text.
 */
export async function photograph({
  browser,
  url,
  folder,
  pages,
  themes = ['light', 'dark'],
  sizes = Object.keys(SIZES),
}) {
  for (const theme of themes) {
    for (const size of sizes) {
      const [width, height] = SIZES[size];
      const page = await browser.newPage({ theme, width, height });
      await signIn(page, url);
      for (const { name, route, text } of pages) {
        await page.goto(`${url}${route}`);
        await page.getByText(text).first().waitFor();
        // Animations and late fonts.
        await page.waitForTimeout(700);
        await page.screenshot({
          path: path.join(folder, `${name}-${theme}-${size}.png`),
        });
      }
      await page.context().close();
    }
  }
}
