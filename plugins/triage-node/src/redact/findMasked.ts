import { Detector } from './detection';
import { isIdentifier, looksRandom } from './randomness';

// GitHub masks exact values: what is left of a value that only partly matched
// stands beside the asterisks.
const MASKED = /([A-Za-z0-9_+/=.~-]{0,200})\*{3}([A-Za-z0-9_+/=.~-]{0,200})/dg;
const PREFIX =
  /^(?:gh[pousr]_|github_pat_|glpat-|sk-|sk_|xox[a-z]-|AKIA|ASIA|AIza|hf_|dapi|eyJ|npm_|pypi-|hvs\.|SG\.|ya29\.)/;

/** What asterisks left of a secret. */
export const findMasked: Detector = text =>
  text.includes('***')
    ? [...text.matchAll(MASKED)].flatMap(match =>
        [1, 2].flatMap(group => {
          const [start, end] = match.indices?.[group] ?? [0, 0];
          const secret = text.slice(start, end);
          const left =
            (PREFIX.test(secret) && secret.length > 6) ||
            (looksRandom(secret, 8) && !isIdentifier(secret));
          return left
            ? [{ start, end, kind: 'masked', secret, certain: false }]
            : [];
        }),
      )
    : [];
