// SPDX-License-Identifier: Apache-2.0
import { Detection, Detector, runBefore } from './detection';
import { isIdentifier, looksRandom } from './randomness';

const PREFIX =
  /^(?:gh[pousr]_|github_pat_|glpat-|sk-|sk_|xox[a-z]-|AKIA|ASIA|AIza|hf_|dapi|eyJ|npm_|pypi-|hvs\.|SG\.|ya29\.)/;
const AFTER = /^[A-Za-z0-9_+/=.~-]{1,200}/;

function judge(secret: string): boolean {
  return (
    (PREFIX.test(secret) && secret.length > 6) ||
    (looksRandom(secret, 8) && !isIdentifier(secret))
  );
}

/**
 * What asterisks left of a secret: GitHub masks exact values, so the rest of
 * one that only partly matched stands beside them.
 */
export const findMasked: Detector = text => {
  const found: Detection[] = [];
  const add = (start: number, secret: string | undefined) => {
    if (secret && judge(secret)) {
      const end = start + secret.length;
      found.push({
        start,
        end,
        kind: 'masked',
        secret,
        certain: false,
        guessed: true,
      });
    }
  };
  let at = text.indexOf('***');
  while (at >= 0) {
    const before = runBefore(text, at, /[A-Za-z0-9_+/=.~-]/, 200);
    add(at - before.length, before);
    let end = at + 3;
    while (text[end] === '*') {
      end++;
    }
    add(end, AFTER.exec(text.slice(end, end + 200))?.[0]);
    at = text.indexOf('***', end);
  }
  return found;
};
