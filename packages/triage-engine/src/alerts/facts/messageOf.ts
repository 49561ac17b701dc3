// SPDX-License-Identifier: Apache-2.0
import { at, isJson, textAt } from '../read/json';

const MESSAGES = ['message', 'msg', 'event', 'log', 'body'];
const ERRORS = ['error', 'err', 'exception', 'exc_info', 'reason', 'detail'];
const MAX = 16_000;

const textOf = (value: unknown, names: string[]) =>
  names.map(name => textAt(value, name)).find(Boolean);

/** The last line of a text of more lines: of a traceback the one that says what failed. */
function lastLine(text: string): string {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '');
  return lines.length > 1 ? `${lines[0]} … ${lines[lines.length - 1]}` : text;
}

/** What a line of a structured log says, without what stands around it. */
export function messageOf(line: string): string {
  const start = line.indexOf('{"');
  if (start < 0 || start > 80 || line.length > MAX) {
    return line;
  }
  try {
    const value: unknown = JSON.parse(line.slice(start));
    const inner = isJson(at(value, 'fields')) ? at(value, 'fields') : value;
    const message = textOf(inner, MESSAGES) ?? textOf(value, MESSAGES);
    const error = textOf(inner, ERRORS) ?? textOf(value, ERRORS);
    const said = [message, error]
      .filter((each): each is string => each !== undefined)
      .map(lastLine);
    return said.length > 0 ? said.join(': ') : line;
  } catch {
    return line;
  }
}
