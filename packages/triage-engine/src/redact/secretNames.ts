// SPDX-License-Identifier: Apache-2.0
import { runBefore } from './detection';
import type { NameClass } from './judgeValue';

/** The word in a name that makes its value a secret, by what it promises. */
export const CORES =
  /(passwords?|passwd|passwrd|passphrase|passcode|pwd|pswd|pass(?![a-z])|pw(?![a-z]))|(secret[-_]?id(?![a-z_])|secrets?|tokens?|(?:api|access|private|account|auth|encryption|master|application|license|unseal|subscription)[-_. ]?keys?|(?:signing|storage|service|session|fernet|webhook|deploy|ssh|client|server|admin|app|db|shared[-_.]?access)[-_.]?keys?|client[-_.]?key[-_.]?data|credentials?|creds|connection[-_.]?string|conn[-_.]?str|bearer|(?<![a-z])sas(?![a-z])|j?sessionid|phpsessid|connect\.sid|csrf|mnemonic)|(_auth(?![a-z])|auth(?![a-z])|[-_.]key(?![a-z])|key(?![a-z]))/gi;

const NAME = /[\w.-]/;
// What follows the word in the name; `tokenizer` and `password_file` hold none.
const NAME_AFTER = /[\w-]{0,40}(?: \d{1,2}(?=:))?/y;
const NO_SECRET =
  /^(?:iz|s?tor(?:e|age)(?![a-z])|s?[-_]?(?:stdin|ca-cert|count|name|file|path|dir|url|uri|type|len|size|limit|ttl|expir|endpoint|id(?![a-z])|ids|index|policy|ref|version|algo|format|field|label|hint|prompt|required|enabled|store|manager|provider|valid|service|controller|handler|factory|util|helper|class|reset|form|input|page|view|list|test|spec|error|exception|usage|stream|ring|board|word|space|frame|stone|note|pair|per_|is_|mismatch|rotation|length|less))/i;
const COUNTED =
  /(?<![a-z])(?:max|min|num|total|prompt|completion|input|output|eos|bos|pad|unk|sep|cls|mask|special|next|new|unexpected|cache|primary|foreign|public|partition|sort|row|object|hot|idempotency)[-_. ]{0,2}$/i;

/** What its placeholder is called. */
export const KINDS: Record<NameClass, string> = {
  password: 'password',
  secret: 'credential',
  weak: 'key',
};

/** A match of a sticky expression that begins here. */
export function sticky(pattern: RegExp, text: string, at: number) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** A name that promises that its value is a secret, or may be one. */
export interface Name {
  start: number;
  end: number;
  text: string;
  nameClass: NameClass;
}

/** The name around a word of {@link CORES}, undefined where it is another word. */
export function readName(
  text: string,
  match: RegExpMatchArray,
): Name | undefined {
  const at = match.index ?? 0;
  const end = at + match[0].length;
  const before = runBefore(text, at, NAME, 60);
  const after = sticky(NAME_AFTER, text, end)?.[0] ?? '';
  const start = at - before.length;
  // `DB_PW` and `dbPw`, not `brew`.
  if (/^pw$/i.test(match[0]) && /[a-z]$/i.test(before) && match[0] !== 'Pw') {
    return undefined;
  }
  let nameClass: NameClass = 'weak';
  if (match[1]) {
    nameClass = 'password';
  } else if (match[2]) {
    nameClass = 'secret';
  }
  if (/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]{1,40}){0,8}_KEY$/.test(before + match[0])) {
    nameClass = 'secret';
  }
  const words = text.slice(Math.max(0, at - 12), at);
  if (NO_SECRET.test(after) || COUNTED.test(words)) {
    nameClass = 'weak';
  }
  return {
    start,
    end: end + after.length,
    text: text.slice(start, end + after.length),
    nameClass,
  };
}
