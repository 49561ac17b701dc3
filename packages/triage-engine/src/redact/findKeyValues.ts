// SPDX-License-Identifier: Apache-2.0
import { Detection, Detector } from './detection';
import { findBelow } from './findBelow';
import { judgeSpaced, judgeValue, ValueContext } from './judgeValue';
import { STAMP } from './readings';
import { CORES, KINDS, Name, readName, sticky } from './secretNames';

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
/** What a diff says the value became. */
const BECAME = /\\{0,3}["']?[ \t]{1,3}->[ \t]{1,3}/y;

const QUOTED = /(["'`])((?:\\[^\r\n]|(?!\1)[^\r\n\\]){1,2048})\1/y;
// In a string in a string, so escaped itself.
const ESCAPED = /(\\{1,3}["'`])((?:(?!\1)[^\r\n]){1,2048})\1/y;
const BARE = /[^\s"'`;&<>|,]{1,256}/y;
const TO_BLANK = /[^\s"'`]{1,256}/y;

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
    const block = name ? findBelow(text, name) : [];
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
