// SPDX-License-Identifier: Apache-2.0
import type { Detection } from './detection';
import { isPlaceholderValue } from './isPlaceholderValue';
import { judgeSpaced, judgeValue } from './judgeValue';
import { isIdentifier } from './randomness';
import { AT_STAMP, lineBefore } from './readings';
import { KINDS, Name, sticky } from './secretNames';

/** A value of more lines is not followed. */
const MOST_LINES = 60;
/** How much of a line is looked at. */
const MOST_CHARACTERS = 5000;

/**
 * How a value begins that stands below its name, and what of its lines is one.
 *
 * - `text`: all of them, whatever they are.
 * - `items`: of a list, each by itself.
 * - `words`: what looks drawn, alone in its line.
 * - `next`: the first one.
 */
type Form = 'text' | 'items' | 'words' | 'next';

/** YAML's block scalars. */
const SCALAR =
  /^\\?["']?[ \t]{0,8}:[ \t]{1,8}[|>][-+\d]{0,2}[ \t]{0,8}(?:#.{0,200})?$/;
const NEXT = /^\\?["']?[ \t]{0,8}[:=][ \t]{0,8}$/;
/** JSON, Python, HCL. */
const LIST = /^\\?["']?[ \t]{0,8}(?:=>|:=|[:=])[ \t]{0,8}[[({]$/;
/** The words after a name in a sentence that announces its value. */
const ANNOUNCED = /^[\w ,'"()-]{0,100}:[ \t]{0,4}$/;
/** A shell's or Terraform's heredoc, on its own or as the value of the name. */
const HEREDOC = /<<[-~]?[ \t]{0,2}\\?["']?([A-Za-z_]\w{0,40})["']?/;
const ASSIGNED = /^["']?[ \t]{0,4}=[ \t]{0,4}(?:["']?\$\([a-z ]{1,20})?$/;
/** The next cell of a table, or the next entry, of HTML. */
const CELL =
  /<\/\w{1,10}>\s{0,40}<\w{1,10}(?: [^<>]{0,200})?>\s{0,40}(?=[^<>\s])/y;

/**
 * What other programs than GitHub put before each line: a clock, a container, a
 * step of a build, the sign of a diff.
 */
const PREFIXES = [
  '\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,6})? ',
  '[\\w./-]{1,60} {0,20}\\| ?',
  'Step #\\d{1,4}(?: - "[^"]{1,100}")?: ',
  '#\\d{1,4} \\d{1,6}\\.\\d{1,4} ',
  '[+>#*-](?=[ \\t])',
].map(source => ({
  atStart: new RegExp(`^${source}`),
  /** The first line of what was quoted may begin with words of who quotes. */
  within: new RegExp(`(?<![^\\s>"])${source}`),
}));
const NO_PREFIX = { atStart: /^/, within: /^/ };

/** A mark of a list, the name of an entry, a quote. */
const BEFORE_ITEM =
  /^(?:[-+*] {1,8})?(?:["']?value["']?[ \t]{0,4}[:=][ \t]{0,4})?\\{0,3}["'`]?/;
const AFTER_ITEM = /\\{0,3}["'`]?[ \t]{0,4}[,;]?$/;
const NESTED = /^- [|>][-+\d]{0,2}$/;

interface Line {
  /** Where what was written begins, in the text. */
  start: number;
  /** Without what surrounds it. */
  text: string;
  indent: number;
}

function withoutStamp(line: string): string {
  return line.slice(AT_STAMP.exec(line)?.[0].length ?? 0);
}

function readLine(raw: string, at: number, prefix: RegExp): Line {
  const body = withoutStamp(raw);
  const match = prefix.exec(body);
  const inner = body.slice(match ? match.index + match[0].length : 0);
  const text = inner.trim();
  const indent = inner.length - inner.trimStart().length;
  return { start: at + raw.length - inner.length + indent, text, indent };
}

/** The lines below a position, as far as they are needed. */
function* linesBelow(text: string, position: number) {
  let at = text.indexOf('\n', position) + 1;
  for (let count = 0; at > 0 && count < MOST_LINES; count++) {
    const stop = text.indexOf('\n', at);
    const end = Math.min(stop < 0 ? text.length : stop, at + MOST_CHARACTERS);
    yield { raw: text.slice(at, end), at };
    at = stop + 1;
  }
}

function formOf(before: string, after: string): [Form, string?] | undefined {
  const heredoc = /<</.test(before + after) && HEREDOC.exec(before + after);
  if (heredoc) {
    const [head] = after.split('<<');
    return [ASSIGNED.test(head) ? 'text' : 'words', heredoc[1]];
  }
  if (SCALAR.test(after)) {
    return ['text'];
  }
  if (LIST.test(after)) {
    return ['items'];
  }
  if (NEXT.test(after)) {
    return ['next'];
  }
  return ANNOUNCED.test(after) ? ['words'] : undefined;
}

/** What of a line is the value, and from where in it. */
function readItem(text: string): { from: number; value: string } {
  const from = BEFORE_ITEM.exec(text)?.[0].length ?? 0;
  return { from, value: text.slice(from).replace(AFTER_ITEM, '') };
}

function isItem(text: string, value: string, { text: name, nameClass }: Name) {
  const quoted = /^(?:[-+] )?(["'`])[^"'`]{1,2048}\1[,;]?$/.test(text);
  return nameClass === 'password' && quoted
    ? judgeValue({
        name,
        nameClass,
        text: value,
        quoted,
        assigned: false,
        separator: ':',
        after: '',
      })
    : judgeSpaced(value, nameClass) &&
        // A commit below a line that speaks of a token.
        (nameClass === 'password' || !isIdentifier(value));
}

const detection = (name: Name, start: number, secret: string): Detection => ({
  start,
  end: start + secret.length,
  kind: KINDS[name.nameClass],
  secret,
  certain: false,
});

/** Whether a heredoc ends here. */
const isLast = (line: string, terminator: string) =>
  line.startsWith(terminator) && !/^\w/.test(line.slice(terminator.length));

/** `<td>NAME</td> <td>value</td>`, on one line or more. */
function findCell(text: string, name: Name): Detection[] {
  const cell = sticky(CELL, text, name.end);
  if (!cell) {
    return [];
  }
  const start = name.end + cell[0].length;
  const value = /^[^<>\s]{1,2048}/.exec(text.slice(start, start + 2048))?.[0];
  return value && judgeSpaced(value, name.nameClass)
    ? [detection(name, start, value)]
    : [];
}

/**
 * The value of a name that stands in the lines below it: block scalars, lists,
 * heredocs, the next line, the next cell.
 */
export function findBelow(text: string, name: Name): Detection[] {
  if (name.nameClass === 'weak') {
    return [];
  }
  if (text[name.end] === '<' && text[name.end + 1] === '/') {
    return findCell(text, name);
  }
  const stop = text.indexOf('\n', name.end);
  if (stop < 0 || stop - name.end > 200) {
    return [];
  }
  const head = lineBefore(text, name.start);
  const after = text.slice(name.end, stop).trimEnd();
  const [form, terminator] = formOf(head, after) ?? [];
  if (!form) {
    return [];
  }
  const below = [...linesBelow(text, name.end)];
  // Without its end a heredoc could be all that follows.
  const isText =
    form === 'text' &&
    (!terminator || below.some(({ raw }) => isLast(raw.trim(), terminator)));
  const written = withoutStamp(head + text.slice(name.start, stop));
  let prefix: (typeof PREFIXES)[number] | undefined;
  let least = 0;
  const found: Detection[] = [];
  for (const { raw, at } of below) {
    if (!prefix) {
      prefix =
        PREFIXES.find(
          ({ atStart, within }) =>
            within.test(written) && atStart.test(withoutStamp(raw)),
        ) ?? NO_PREFIX;
      least = readLine(written, 0, prefix.within).indent;
    }
    const line = readLine(raw, at, prefix.atStart);
    const isEnd =
      terminator !== undefined
        ? isLast(line.text, terminator)
        : line.text !== '' && line.indent <= least && isText;
    if (isEnd || (form === 'items' && /^[\])}]/.test(line.text))) {
      break;
    }
    const { from, value } = readItem(line.text);
    if (isText && line.text !== '') {
      if (!isPlaceholderValue(line.text)) {
        found.push(detection(name, line.start, line.text));
      }
    } else if (line.text !== '' && !NESTED.test(line.text)) {
      if (isItem(line.text, value, name)) {
        found.push(detection(name, line.start + from, value));
      }
      // Of a list in YAML each is marked; of words the first is the value.
      const isListed = form === 'items' || terminator !== undefined;
      if (!isListed && !(form === 'next' && /^- /.test(line.text))) {
        break;
      }
    }
  }
  return found;
}
