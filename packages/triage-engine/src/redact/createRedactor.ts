// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { cleanText } from '../text/cleanText';
import { DeepRedactor } from './DeepRedactor';
import { Detection, Detector } from './detection';
import { GITLEAKS_KINDS } from './findGitleaks';
import { knownValueDetector } from './findKnownValues';
import { TOKEN_KINDS } from './findTokens';
import { Placeholders } from './Placeholders';
import { isIdentifier, looksRandom } from './randomness';
import { replaceDetections } from './replaceDetections';
import { scanText } from './scan';
import { Redactor } from './types';

const MAX_CHARACTERS = 4 * 1024 * 1024;
const TIME_LIMIT = 30_000;
/** What is found once is taken out everywhere, up to so many. */
const MAX_LEARNED = 1000;
/** A text is read again until nothing more is found. */
const MAX_ROUNDS = 6;

const STRUCTURE_KINDS = [
  'authorization',
  'cookie',
  'credential',
  'key',
  'kubernetes-secret',
  'masked',
  'password',
  'private-key',
  'secret',
  'url-parameter',
  'url-password',
  'url-user',
  'web-key',
  'withheld',
];

function slug(name: string): string {
  const dashed = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return dashed.slice(0, 60).replace(/^-|-$/g, '') || 'secret';
}

/**
 * What was only guessed may be a commit beside a secret: taken out everywhere,
 * it would leave a log that nobody can read.
 */
function isWorthLearning({ secret, certain, guessed }: Detection): boolean {
  return (
    !guessed &&
    !isIdentifier(secret) &&
    !/\s/.test(secret) &&
    (looksRandom(secret) || (certain && secret.length >= 16))
  );
}

function exactDetector(secret: string, kind: string): Detector {
  return text => {
    const found: Detection[] = [];
    let start = text.indexOf(secret);
    while (start >= 0) {
      const end = start + secret.length;
      found.push({ start, end, kind, secret, certain: true });
      start = text.indexOf(secret, end);
    }
    return found;
  };
}

/**
 * Makes the redactor of one report. It knows the given values in every form
 * programs print them, the tokens that gitleaks and vendors describe, what the
 * names around a value promise, and reads encoded text; what it took out once
 * it takes out everywhere after, unless it was a guess. Fails closed: a text that cannot be redacted
 * is withheld.
 *
 * @public
 */
export function createRedactor(
  options: {
    /** Values that must not be seen, by name, for example of the environment. */
    knownSecrets?: Record<string, string>;
    /** Longer texts are withheld. */
    maxCharacters?: number;
    /** Milliseconds for one text; what takes longer is withheld. */
    timeLimit?: number;
  } = {},
): Redactor {
  const known = Object.entries(options.knownSecrets ?? {}).map(
    ([name, value]) => ({ kind: slug(name), value }),
  );
  const placeholders = new Placeholders([
    ...known.map(({ kind }) => kind),
    ...STRUCTURE_KINDS,
    ...TOKEN_KINDS,
    ...GITLEAKS_KINDS,
  ]);
  const knownDetectors = known.map(({ kind, value }) =>
    knownValueDetector(value, kind),
  );
  const learned = new Map<string, Detector>();

  const findKnown: Detector = (text, lower) =>
    [...knownDetectors, ...learned.values()].flatMap(detector =>
      detector(text, lower),
    );

  const learn = (detections: Detection[]) => {
    for (const detection of detections) {
      const { secret, kind } = detection;
      if (learned.size < MAX_LEARNED && isWorthLearning(detection)) {
        learned.set(secret, learned.get(secret) ?? exactDetector(secret, kind));
      }
    }
  };

  const withhold = (text: string) => {
    placeholders.count('withheld');
    const hash = createHash('sha256').update(String(text)).digest('hex');
    return placeholders.of('withheld', hash);
  };

  const redactOrThrow = (text: string): string => {
    const limit = options.maxCharacters ?? MAX_CHARACTERS;
    if (text.length > limit) {
      throw new Error(`The text has more than ${limit} characters`);
    }
    const until = performance.now() + (options.timeLimit ?? TIME_LIMIT);
    const watch = () => {
      if (performance.now() > until) {
        throw new Error('The text takes too long');
      }
    };
    let current = cleanText(text);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const detections = scanText(current, { known: findKnown, watch });
      learn(detections);
      const next = replaceDetections(current, detections, placeholders);
      if (next === undefined) {
        return current;
      }
      current = next;
    }
    throw new Error('The text does not settle');
  };

  const redact = (text: string): string => {
    try {
      return redactOrThrow(text);
    } catch {
      // Nothing of the text, and nothing of the error that may quote it.
      return withhold(text);
    }
  };

  return {
    redact,

    redactLines(lines) {
      try {
        const redacted = redactOrThrow(lines.join('\n')).split('\n');
        let at = 0;
        return lines.map(line => {
          const from = at;
          at += line.split('\n').length;
          return redacted.slice(from, at).join('\n');
        });
      } catch {
        return lines.map(line => (line.trim() === '' ? '' : withhold(line)));
      }
    },

    redactDeep<T>(value: T): T {
      // What is learned from the last string belongs out of the first too.
      let size = -1;
      let copy: unknown = value;
      for (
        let round = 0;
        learned.size !== size && round < MAX_ROUNDS;
        round++
      ) {
        size = learned.size;
        copy = new DeepRedactor(redact, withhold).copy(copy);
      }
      return copy as T;
    },

    counts: () => placeholders.counts(),
  };
}
