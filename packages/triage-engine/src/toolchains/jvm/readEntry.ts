// SPDX-License-Identifier: Apache-2.0

/** `test[1: a=b](org.example.FooTest): why`. */
export const OLD_CLASS = /\(([\w.$]{1,300})\)(?:: ?|$)/;
const NEW_ENTRY =
  /^((?:[a-z][\w$]{0,80}\.){0,20}[\w$]{1,200})(?:>[\w$]{1,200})?\.([\w$]{1,300})(.{0,1000})$/;

/** A test as Surefire names it in a line. */
interface Entry {
  name: string;
  /** Without its package. */
  className: string;
  method: string;
  rest: string;
}

/** The test that a line begins with; undefined where it names none. */
export function readEntry(text: string): Entry | undefined {
  const old = OLD_CLASS.exec(text);
  if (old && old.index > 0 && /^[\w$]/.test(text)) {
    return {
      name: text.slice(0, old.index + old[1].length + 2),
      className: simple(old[1]),
      method: /^[\w$]+/.exec(text)?.[0] ?? '',
      rest: text.slice(old.index + old[0].length),
    };
  }
  const match = NEW_ENTRY.exec(text);
  if (!match) {
    return undefined;
  }
  const after = match[3];
  const parameters = endOfParameters(after);
  return {
    name: text.slice(0, text.length - after.length + parameters),
    className: simple(match[1]),
    method: match[2],
    rest: after.slice(parameters).trim(),
  };
}

/** Where `(String)[2: a=b]` ends: at a bracket before a line, a blank, the end. */
function endOfParameters(text: string): number {
  if (!/^[[({]/.test(text)) {
    return 0;
  }
  for (let at = 1; at < text.length; at++) {
    const ends = text[at] === ']' || text[at] === ')' || text[at] === '}';
    const next = text[at + 1] ?? ' ';
    if (ends && (next === ' ' || next === ':' || next === '-')) {
      return at + 1;
    }
  }
  return 0;
}

export function keyOf(entry: Entry): string {
  return `${entry.className}#${entry.method}`;
}

/** Old versions leave out which nested class a test is in. */
export function isSame(name: string, other: string): boolean {
  if (name === other) {
    return true;
  }
  const [a, b] = [readEntry(name), readEntry(other)];
  if (!a || !b || a.method !== b.method) {
    return false;
  }
  return (
    a.className === b.className || b.className.startsWith(`${a.className}$`)
  );
}

function simple(className: string): string {
  return className.slice(className.lastIndexOf('.') + 1);
}
