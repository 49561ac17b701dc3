// SPDX-License-Identifier: Apache-2.0
import { Detection, Detector, groupRange } from './detection';
import { KeywordFinder } from './KeywordFinder';
import { isIdentifier, looksRandom } from './randomness';
import { TOKEN_RULES } from './tokenRules';

/**
 * What a line's end, a carriage return or `…` left of a token whose prefix no
 * word begins with. The rest has to look drawn.
 */
const CUT_TOKEN =
  /(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_|glpat-|hf_|sk-ant-[a-z]{3,5}\d{2}-|sk-proj-|sk-or-v1-|gsk_|xox[abeprs]-|AKIA|ASIA|AIza|ya29\.|dapi|npm_|pypi-AgE|hvs\.|dckr_pat_|glsa_|r8_|nvapi-|pcsk_|dop_v1_|shpat_|lin_api_|wandb_v1_)([A-Za-z0-9]{10,400})/dg;

/** Kinds of their placeholders. */
export const TOKEN_KINDS = [
  ...TOKEN_RULES.map(({ kind }) => kind),
  'cut-token',
];

const CONTINUES = /[A-Za-z0-9_+/=-]{1,4096}/y;

let finder: KeywordFinder | undefined;

/** Tokens that are known by their form, wherever they stand. */
export const findTokens: Detector = text => {
  const found: Detection[] = [];
  finder ??= new KeywordFinder(TOKEN_RULES.flatMap(({ keywords }) => keywords));
  const words = finder.in(text);
  for (const { kind, keywords, pattern, random } of TOKEN_RULES) {
    if (keywords.some(keyword => words.has(keyword))) {
      for (const match of text.matchAll(pattern)) {
        const [start, end] = groupRange(match, match[1] ? 1 : 0) ?? [0, 0];
        const secret = text.slice(start, end);
        if (!random || (looksRandom(secret) && !isIdentifier(secret))) {
          found.push({ start, end, kind, secret, certain: true });
        }
      }
    }
  }
  for (const match of text.matchAll(CUT_TOKEN)) {
    const [start, end] = groupRange(match, 0) ?? [0, 0];
    if (looksRandom(match[1])) {
      const secret = text.slice(start, end);
      found.push({
        start,
        end,
        kind: 'cut-token',
        secret,
        certain: false,
        guessed: true,
      });
    }
  }
  return found;
};

/**
 * Where a token really ends: an expression's bound may have cut it.
 */
export function tokenEnd(text: string, end: number): number {
  let at = end;
  if (!/[A-Za-z0-9_+/=-]/.test(text.charAt(at - 1))) {
    return at;
  }
  CONTINUES.lastIndex = at;
  while (CONTINUES.test(text)) {
    at = CONTINUES.lastIndex;
  }
  return at;
}
