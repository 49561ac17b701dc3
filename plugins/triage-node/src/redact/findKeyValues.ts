import { Detection, Detector, runBefore } from './detection';
import { judgeValue, NameClass, ValueContext } from './judgeValue';

// The word in a name that makes its value a secret, by what it promises.
const CORES =
  /(passwords?|passwd|passwrd|passphrase|pwd|pass(?![a-z]))|(secrets?|tokens?|api[-_.]?keys?|access[-_.]?keys?|private[-_.]?keys?|account[-_.]?keys?|auth[-_.]?keys?|(?:encryption|signing|master|storage|service|license|session|fernet|webhook|deploy|ssh|client|server|admin|app|db|shared[-_.]?access)[-_.]?keys?|client[-_.]?key[-_.]?data|credentials?|creds|connection[-_.]?string|conn[-_.]?str|bearer|(?<![a-z])sas(?![a-z])|jsessionid|phpsessid|connect\.sid|csrf|mnemonic)|(_auth(?![a-z])|auth(?![a-z])|[-_.]key(?![a-z])|key(?![a-z]))/gi;

const NAME = /[\w.-]/;
// What follows the word in the name; `tokenizer` and `password_file` hold none.
const NAME_AFTER = /[\w-]{0,40}/y;
const NO_SECRET =
  /^(?:iz|s?[-_]?(?:count|name|file|path|dir|url|uri|type|len|size|limit|ttl|expir|endpoint|id(?![a-z])|ids|index|policy|ref|version|algo|format|field|label|hint|prompt|required|enabled|store|manager|provider|valid|service|controller|handler|factory|util|helper|class|reset|form|input|page|view|list|test|spec|error|exception|usage|stream|ring|board|word|space|frame|stone|note|pair|per_|is_|mismatch|rotation|length|less))/i;
const COUNTED =
  /(?:max|min|num|total|prompt|completion|input|output|eos|bos|pad|unk|sep|cls|mask|special|next|new|unexpected|invalid|cache|primary|foreign|public|partition|sort|row|object|hot|idempotency)[-_. ]{0,2}$/i;

const SEPARATOR =
  /(\\{0,3}["'`]?\]?)([ \t]{0,8})(=>|:=|::|={1,3}|:|\|)([ \t]{0,8})|(\\{0,3}["']), {0,2}(?=\\{0,3}["'])|[ \t]{1,3}(?:is|to|was)[ \t]{1,3}(?=["'`])|>(?=[^<\s>])/y;
const FLAG_SEPARATOR = /[ \t]{1,4}(?![-|&;>])/y;

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

function isFlag(text: string, name: Name): boolean {
  return (
    /^--?[a-z]/i.test(name.text) &&
    /^$|\s|["'[,]/.test(text.charAt(name.start - 1))
  );
}

/** `name=value`, `name: value`, `"name": "value"`, `--name value`, `<name>value<`. */
export const findKeyValues: Detector = (text, lower) => {
  const found: Detection[] = [];
  if (
    !/pass|pwd|secret|token|key|auth|cred|conn|bearer|(?<![a-z])sas(?![a-z])|sess|sid|csrf|mnem/.test(
      lower,
    )
  ) {
    return found;
  }
  let done = 0;
  for (const match of text.matchAll(CORES)) {
    const name = match.index < done ? undefined : readName(text, match);
    if (name) {
      const flag = isFlag(text, name);
      const separator =
        sticky(SEPARATOR, text, name.end) ??
        (flag ? sticky(FLAG_SEPARATOR, text, name.end) : null);
      const tight = separator?.[3] === '=' && !separator[2] && !separator[4];
      const at = name.end + (separator?.[0].length ?? 0);
      const shell = tight && /^[A-Z][A-Z0-9_]*$/.test(name.text);
      const bare = shell ? TO_BLANK : BARE;
      const value = separator ? readValue(text, at, bare) : undefined;
      if (separator && value) {
        const context: ValueContext = {
          ...value,
          name: name.text,
          nameClass: name.nameClass,
          assigned: tight || (flag && !separator[3]),
          separator: separator[3] ?? (flag ? ' ' : ''),
          after: text.slice(
            value.start + value.text.length,
            value.start + value.text.length + 40,
          ),
        };
        done = name.end;
        if (judgeValue(context)) {
          done = endOf(value, text, bare);
          found.push({
            start: value.start,
            end: done,
            kind: KINDS[name.nameClass],
            secret: text.slice(value.start, done),
            certain: false,
          });
        }
      }
    }
  }
  return found;
};
