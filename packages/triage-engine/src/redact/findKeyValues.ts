// SPDX-License-Identifier: Apache-2.0
import { Detection, Detector, runBefore } from './detection';
import { judgeSpaced, judgeValue, NameClass, ValueContext } from './judgeValue';
import { isPlaceholderValue } from './isPlaceholderValue';
import { AT_STAMP, lineBefore, STAMP } from './readings';

// The word in a name that makes its value a secret, by what it promises.
const CORES =
  /(passwords?|passwd|passwrd|passphrase|passcode|pwd|pswd|pass(?![a-z])|pw(?![a-z]))|(secret[-_]?id(?![a-z_])|secrets?|tokens?|(?:api|access|private|account|auth|encryption|master|application|license|unseal|subscription)[-_. ]?keys?|(?:signing|storage|service|session|fernet|webhook|deploy|ssh|client|server|admin|app|db|shared[-_.]?access)[-_.]?keys?|client[-_.]?key[-_.]?data|credentials?|creds|connection[-_.]?string|conn[-_.]?str|bearer|(?<![a-z])sas(?![a-z])|j?sessionid|phpsessid|connect\.sid|csrf|mnemonic)|(_auth(?![a-z])|auth(?![a-z])|[-_.]key(?![a-z])|key(?![a-z]))/gi;

const NAME = /[\w.-]/;
// What follows the word in the name; `tokenizer` and `password_file` hold none.
const NAME_AFTER = /[\w-]{0,40}(?: \d{1,2}(?=:))?/y;
const NO_SECRET =
  /^(?:iz|s?tor(?:e|age)(?![a-z])|s?[-_]?(?:stdin|ca-cert|count|name|file|path|dir|url|uri|type|len|size|limit|ttl|expir|endpoint|id(?![a-z])|ids|index|policy|ref|version|algo|format|field|label|hint|prompt|required|enabled|store|manager|provider|valid|service|controller|handler|factory|util|helper|class|reset|form|input|page|view|list|test|spec|error|exception|usage|stream|ring|board|word|space|frame|stone|note|pair|per_|is_|mismatch|rotation|length|less))/i;
const COUNTED =
  /(?<![a-z])(?:max|min|num|total|prompt|completion|input|output|eos|bos|pad|unk|sep|cls|mask|special|next|new|unexpected|cache|primary|foreign|public|partition|sort|row|object|hot|idempotency)[-_. ]{0,2}$/i;

const SEPARATOR =
  /(\\{0,3}["'`]?\]?)([ \t]{0,8})(=>|:=|::|={1,3}|:|\|)([ \t]{0,8})|(\\{0,3}["']), {0,2}(?=\\{0,3}["'])|[ \t]{1,3}(?:is|to|was)[ \t]{1,3}(?=["'`])|>(?=[^<\s>])/y;
const FLAG_SEPARATOR = /[ \t]{1,4}(?![-|&;>])/y;
/** `NAME value`, also in a table. */
const SPACE_SEPARATOR =
  /[ \t]{1,60}(?:[│┃║\u0080-\u00ff]{1,3} {0,60})?(?=["'A-Za-z0-9+/_])/y;
// `name: DB_PASSWORD, value: …` of containers, in YAML, JSON and XML.
const VALUE_SEPARATOR = new RegExp(
  `\\\\{0,3}["']?[ \\t]{0,4},?[ \\t]{0,40}(?:\\r?\\n${STAMP}[ \\t]{0,200})?\\\\{0,3}["']?(?<![\\w-])value\\\\{0,3}["']?[ \\t]{0,4}[:=][ \\t]{0,8}`,
  'iy',
);
// YAML's block scalars, or a value that begins in the next line.
const BLOCK =
  /\\?["']?[ \t]{0,8}:[ \t]{1,8}[|>][-+\d]{0,2}[ \t]{0,8}(?:#[^\r\n]{0,200})?(?=\r?\n)|\\?["']?[ \t]{0,8}:[ \t]{0,8}(?=\r?\n)/y;
/** What a diff says the value became. */
const BECAME = /\\{0,3}["']?[ \t]{1,3}->[ \t]{1,3}/y;

const QUOTED = /(["'`])((?:\\[^\r\n]|(?!\1)[^\r\n\\]){1,2048})\1/y;
// In a string in a string, so escaped itself.
const ESCAPED = /(\\{1,3}["'`])((?:(?!\1)[^\r\n]){1,2048})\1/y;
const BARE = /[^\s"'`;&<>|,]{1,256}/y;
const TO_BLANK = /[^\s"'`]{1,256}/y;

const KINDS: Record<NameClass, string> = {
  password: 'password',
  secret: 'credential',
  weak: 'key',
};

function sticky(pattern: RegExp, text: string, at: number) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

interface Value {
  start: number;
  text: string;
  quoted: boolean;
}

/** The value that begins here, or as much of it as is needed to judge it. */
function readValue(text: string, at: number, bare: RegExp): Value | undefined {
  const quoted = sticky(QUOTED, text, at) ?? sticky(ESCAPED, text, at);
  if (quoted) {
    return { start: at + quoted[1].length, text: quoted[2], quoted: true };
  }
  const start = /["'`]/.test(text.charAt(at)) ? at + 1 : at;
  const value = sticky(bare, text, start)?.[0];
  if (value === undefined) {
    return undefined;
  }
  const trimmed = value.replace(/[)\]},;:.!\\]{1,20}$/, '');
  return { start, text: trimmed || value, quoted: false };
}

function endOf({ start, text, quoted }: Value, whole: string, bare: RegExp) {
  let end = start + text.length;
  // Judged by its beginning only.
  while (!quoted && text.length >= 236 && sticky(bare, whole, end)) {
    end = bare.lastIndex;
  }
  return end;
}

interface Name {
  start: number;
  end: number;
  text: string;
  nameClass: NameClass;
}

function readName(text: string, match: RegExpMatchArray): Name | undefined {
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

function stampLength(line: string): number {
  return AT_STAMP.exec(line)?.[0].length ?? 0;
}

/** Spaces between what a log put before a line, and its text. */
function indentOf(line: string): number {
  const body = line.slice(stampLength(line), stampLength(line) + 200);
  return body.length - body.trimStart().length;
}

function isFlag(text: string, name: Name): boolean {
  return (
    /^--?[a-z]/i.test(name.text) &&
    /^$|\s|["'[,]/.test(text.charAt(name.start - 1))
  );
}

/** The separator after a name, and how what follows it is to be judged. */
interface Separator {
  length: number;
  text: string;
  tight: boolean;
  assigned: boolean;
  spaced: boolean;
}

function readSeparator(text: string, name: Name): Separator | undefined {
  const pair = sticky(VALUE_SEPARATOR, text, name.end);
  if (pair) {
    const { length } = pair[0];
    return { length, text: '=', tight: false, assigned: true, spaced: false };
  }
  const usual = sticky(SEPARATOR, text, name.end);
  const flag = !usual && isFlag(text, name);
  if (usual || flag) {
    const match = usual ?? sticky(FLAG_SEPARATOR, text, name.end);
    const tight = usual?.[3] === '=' && !usual[2] && !usual[4];
    return (
      (match && {
        length: match[0].length,
        text: usual?.[3] ?? (flag ? ' ' : ''),
        tight,
        assigned: tight || flag || match[0] === '>',
        spaced: false,
      }) ??
      undefined
    );
  }
  const space = sticky(SPACE_SEPARATOR, text, name.end);
  return space && name.nameClass !== 'weak'
    ? {
        length: space[0].length,
        text: ' ',
        tight: false,
        assigned: false,
        spaced: true,
      }
    : undefined;
}

/** The lines of a block scalar: deeper than the name, without what a log put before. */
function findBlock(text: string, name: Name): Detection[] {
  const head = name.nameClass === 'weak' ? null : sticky(BLOCK, text, name.end);
  if (!head) {
    return [];
  }
  const scalar = /[|>]/.test(head[0]);
  const indent = indentOf(lineBefore(text, name.start));
  const found: Detection[] = [];
  let at = BLOCK.lastIndex;
  for (let count = 0; count < (scalar ? 60 : 1); count++) {
    const begin = /^\r?\n/.exec(text.slice(at, at + 2))?.[0].length ?? 0;
    const stop = text.indexOf('\n', at + begin);
    const raw = text.slice(
      at + begin,
      Math.min(stop < 0 ? text.length : stop, at + 5000),
    );
    const start = stampLength(raw) + indentOf(raw);
    const value = raw.slice(start).replace(/["'\r\s]{1,20}$/, '');
    if (begin === 0 || value === '' || indentOf(raw) <= indent) {
      break;
    }
    const single = !/\s/.test(value) && !/[:[{]$/.test(value);
    if (
      !isPlaceholderValue(value) &&
      (scalar || (single && judgeSpaced(value, name.nameClass)))
    ) {
      const from = at + begin + start;
      found.push({
        start: from,
        end: from + value.length,
        kind: KINDS[name.nameClass],
        secret: value,
        certain: false,
      });
    }
    at = stop < 0 ? text.length : stop - (text[stop - 1] === '\r' ? 1 : 0);
  }
  return found;
}

/** `name=value`, `name: value`, `"name": "value"`, `--name value`, `NAME value`, `<name>value<`. */
export const findKeyValues: Detector = (text, lower) => {
  const found: Detection[] = [];
  if (
    !/pass|pwd|pswd|pw|secret|token|key|auth|cred|conn|bearer|(?<![a-z])sas(?![a-z])|sess|sid|csrf|mnem/.test(
      lower,
    )
  ) {
    return found;
  }
  let done = 0;
  const judge = (name: Name, separator: Separator, at: number): boolean => {
    const shell = separator.tight && /^[A-Z][A-Z0-9_]*$/.test(name.text);
    const bare = shell ? TO_BLANK : BARE;
    const value = readValue(text, at, bare);
    if (!value) {
      return false;
    }
    const end = value.start + value.text.length;
    const context: ValueContext = {
      ...value,
      name: name.text,
      nameClass: name.nameClass,
      assigned: separator.assigned,
      separator: separator.text,
      after: text.slice(end, end + 40),
    };
    const accepted = separator.spaced
      ? judgeSpaced(value.text, name.nameClass)
      : judgeValue(context);
    done = name.end;
    if (!accepted) {
      return false;
    }
    done = endOf(value, text, bare);
    found.push({
      start: value.start,
      end: done,
      kind: KINDS[name.nameClass],
      secret: text.slice(value.start, done),
      certain: false,
      guessed: separator.spaced || name.nameClass === 'weak',
    });
    return true;
  };
  for (const match of text.matchAll(CORES)) {
    const name = match.index < done ? undefined : readName(text, match);
    const block = name ? findBlock(text, name) : [];
    const separator =
      name && block.length === 0 ? readSeparator(text, name) : undefined;
    if (block.length > 0) {
      found.push(...block);
      done = block[block.length - 1].end;
    } else if (name && separator) {
      if (judge(name, separator, name.end + separator.length)) {
        const became = sticky(BECAME, text, done);
        if (became) {
          judge(name, separator, done + became[0].length);
        }
      }
    }
  }
  return found;
};
