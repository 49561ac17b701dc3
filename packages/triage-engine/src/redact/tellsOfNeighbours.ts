// SPDX-License-Identifier: Apache-2.0

const NAME = /pass|pwd?|secret|token|key|cred|auth|csrf|mnem|phrase|conn/i;
/** A line of PEM, or of what else is broken after so many characters. */
const BASE64 = /^[A-Za-z0-9+/=]{40,76}\s{0,2}$/;

/** A name without its value ends so, and a value without its end. */
const OPEN = new Uint8Array(128);
for (const sign of ':|>-+=\\[({"\'') {
  OPEN[sign.charCodeAt(0)] = 1;
}

/** A line says early what it is. */
const LOOK = 1000;

/** Of the last character that is no space. */
function lastCode(text: string): number {
  let at = text.length - 1;
  while (at > 0 && text.charCodeAt(at) <= 32) {
    at--;
  }
  return text.charCodeAt(at);
}

/**
 * Whether a line may say of those around it that they are secret: a name whose value
 * stands below, the lines of a key. Without such a line a value is judged by its own.
 * Asked of each line of a log, so fast.
 */
export function tellsOfNeighbours(line: string): boolean {
  const text = line.length > LOOK ? line.slice(0, LOOK) : line;
  if (
    OPEN[lastCode(text)] === 1 ||
    text.includes('<<') ||
    text.includes(': |')
  ) {
    return NAME.test(text);
  }
  return text.length >= 40 && !text.slice(0, 40).includes(' ')
    ? BASE64.test(text)
    : false;
}
