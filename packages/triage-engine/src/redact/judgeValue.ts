// SPDX-License-Identifier: Apache-2.0
import { isPlaceholderValue } from './isPlaceholderValue';
import { entropy, isIdentifier, isWordLike, looksRandom } from './randomness';

/** What a name promises of its value. */
export type NameClass = 'password' | 'secret' | 'weak';

/** A value beside its name. */
export interface ValueContext {
  name: string;
  nameClass: NameClass;
  text: string;
  quoted: boolean;
  /** Written as a shell or a program takes it: `NAME=value`, `--name value`. */
  assigned: boolean;
  separator: string;
  /** What follows the value. */
  after: string;
}

const SENTENCE =
  /\b(?:is|are|must|should|cannot|can't|not|required|invalid|field|expected|be|the|this|please|failed|has|have|was|too|least|missing|may|of|for|to|incorrect)\b/i;

const PROSE =
  /^(?:via|and|or|flags?|options?|arguments?|instead|with|from|when|if|on|in|an?|the|is|was|as|by|to|for|must|can|not|was|will|given|set)$/i;

// An expression of a program, not a value: `request.headers`, `getToken(`.
const CODE =
  /^[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)+$|[([{]$|\($|^(?:new|await|self|this|function|lambda|def|return)$/;
const WORD = /^[A-Za-z]+(?:[-_.][A-Za-z]+)*$/;
const NUMBER = /^[\d.,:%+-]+[a-z]{0,3}$/i;
const PATH =
  /^(?:\.{0,2}|~)\/[\w@./+-]*$|^[A-Za-z]:\\|\.(?:json|ya?ml|txt|pem|key|crt|py|js|ts|go|java|env|toml|ini|cfg|lock)$/;

function isBasicAuth(text: string): boolean {
  if (!/^[A-Za-z0-9+/_-]{8,2048}={0,2}$/.test(text)) {
    return false;
  }
  return /^[\x21-\x7e]{1,200}:[\x20-\x7e]{1,1000}$/.test(
    Buffer.from(text, 'base64').toString('latin1'),
  );
}

function isPassword({
  text,
  quoted,
  assigned,
  after,
  separator,
}: ValueContext): boolean {
  if (text.length < 3) {
    return false;
  }
  if (/\s/.test(text)) {
    return quoted && text.length >= 6 && !SENTENCE.test(text);
  }
  if (NUMBER.test(text)) {
    return (assigned || quoted) && text.length >= 4;
  }
  // `using --password via the command line` is a sentence.
  const prose = separator === ' ' && PROSE.test(text);
  if (quoted || assigned) {
    return !prose;
  }
  // `password: word` of a configuration, not `password: must not be empty`.
  const alone = /^["',;)\]}\\]{0,4}\s{0,4}(?:$|[\r\n#])/.test(after);
  if (WORD.test(text)) {
    return (alone && separator !== '' && text.length >= 6) || looksRandom(text);
  }
  return true;
}

function isSecret({ text, quoted, assigned }: ValueContext): boolean {
  if (/\s/.test(text) || text.length < 8 || NUMBER.test(text)) {
    return false;
  }
  if (WORD.test(text) && !looksRandom(text)) {
    return false;
  }
  const mixed = /\d/.test(text) && /[A-Za-z]/.test(text);
  return (
    looksRandom(text, 8) ||
    (mixed && (quoted || assigned) && entropy(text) > 2.5) ||
    (text.length >= 20 && mixed && entropy(text) > 3.3)
  );
}

function isWeakSecret({ name, text }: ValueContext): boolean {
  if (/auth$/i.test(name) && isBasicAuth(text)) {
    return true;
  }
  const parts = text.split(/[-:/.@]/);
  return (
    text.length >= 16 &&
    !/\s/.test(text) &&
    looksRandom(text, 16) &&
    entropy(text) > 3.5 &&
    // `Linux-pip-<digest>` of a cache.
    !isIdentifier(text) &&
    !parts.some(isIdentifier)
  );
}

/** Parts of names that people give: `mlflow-db-x7k2c9`, `token-service`. */
function isNamed(text: string): boolean {
  const parts = text.split(/[-_./:@]/);
  return (
    parts.length > 1 &&
    parts.some(part => /^[A-Za-z]{3,}$/.test(part) && isWordLike(part))
  );
}

/**
 * Whether what only stands after a name, without a sign between them, is its
 * secret: `MISTRAL_API_KEY 4TN…`, `with password x7K…`. The name alone says
 * little in a sentence, so the value has to look drawn.
 */
export function judgeSpaced(text: string, nameClass: NameClass): boolean {
  const least = nameClass === 'password' ? 10 : 16;
  return (
    text.length >= least &&
    !/\s/.test(text) &&
    !isPlaceholderValue(text) &&
    !text.includes('[REDACTED:') &&
    !NUMBER.test(text) &&
    !PATH.test(text) &&
    !CODE.test(text) &&
    !/[(){}<>]/.test(text) &&
    !isNamed(text) &&
    looksRandom(text, least)
  );
}

/** Whether the value of a name that promises a secret is one. */
export function judgeValue(context: ValueContext): boolean {
  const { text, nameClass, quoted, after, assigned } = context;
  if (isPlaceholderValue(text) || text.includes('[REDACTED:')) {
    return false;
  }
  if (
    !quoted &&
    (CODE.test(text) || /^[([]/.test(after) || text.includes('('))
  ) {
    return assigned && looksRandom(text);
  }
  if (PATH.test(text) && !looksRandom(text, 16)) {
    return false;
  }
  if (nameClass === 'password') {
    return isPassword(context);
  }
  return nameClass === 'secret' ? isSecret(context) : isWeakSecret(context);
}
