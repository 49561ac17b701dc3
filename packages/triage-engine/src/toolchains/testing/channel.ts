// SPDX-License-Identifier: Apache-2.0

/** A line of one of the programs that share a console. */
export interface ChannelLine {
  /** Who printed it; empty where nobody is named. */
  channel: string;
  text: string;
}

const ANT = /^ {0,12}\[(junit|junitlauncher|testng|java|exec|apply)\](?: |$)/;
const STAMP =
  /^\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]? {1,2}/;
const COMPOSE = /^([A-Za-z][\w.-]{0,60}) {0,30}\| (?=\S|\s)/;
const TURBO = /^(@?[\w./-]{1,80}:[\w:-]{0,40}test[\w:-]{0,40}): /;
const PNPM =
  /^((?:\.|[\w@.-]{1,60}\/[\w@./-]{1,60}) [\w:-]{0,40}test[\w:-]{0,40}): /;
const YARN = /^\[(@?[\w-]{1,60}\/[\w./-]{1,60}|\d{1,2})\]: ?/;
const CONCURRENTLY = /^\[(\d{1,2})\] /;
const LERNA =
  /^(@?[\w.-]{1,60}(?:\/[\w.-]{1,60})?): (?= {0,8}(?:PASS |FAIL |Tests: |● |\d{1,7} (?:passing|failing|pending)\b|\d{1,7}\) ))/;

/**
 * Takes away what a runner of several programs puts before each line: Ant's
 * `[junit]`, Docker Compose's `web_1  |`, Turborepo's `pkg:test:`, pnpm's, Yarn's
 * and Lerna's package names, and time stamps inside a log.
 */
export function splitChannel(line: string): ChannelLine {
  const first = line.charCodeAt(0);
  const letter =
    (first >= 97 && first <= 122) ||
    (first >= 65 && first <= 90) ||
    first === 64; /* @ */
  if (letter) {
    if (line.includes('| ')) {
      const match = COMPOSE.exec(line);
      if (match && !/^(?:FAILED|File|All)$/.test(match[1])) {
        return { channel: match[1], text: line.slice(match[0].length) };
      }
    }
    if (!line.includes(': ')) {
      return { channel: '', text: line };
    }
    const match = TURBO.exec(line) ?? PNPM.exec(line) ?? LERNA.exec(line);
    return match
      ? { channel: match[1], text: line.slice(match[0].length) }
      : { channel: '', text: line };
  }
  if (first === 91 /* [ */ || first === 32 || (first >= 48 && first <= 57)) {
    const ant =
      line.includes('] ') || line.endsWith(']') ? ANT.exec(line) : null;
    if (ant) {
      return { channel: `ant ${ant[1]}`, text: line.slice(ant[0].length) };
    }
    if (first === 32) {
      return { channel: '', text: line };
    }
    const stamp = STAMP.exec(line);
    if (stamp) {
      return { channel: '', text: line.slice(stamp[0].length) };
    }
    const named = YARN.exec(line) ?? CONCURRENTLY.exec(line);
    if (named) {
      return { channel: named[1], text: line.slice(named[0].length) };
    }
  }
  return { channel: '', text: line };
}
