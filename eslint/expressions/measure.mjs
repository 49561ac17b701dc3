// SPDX-License-Identifier: Apache-2.0
import vm from 'node:vm';

const SCREEN_LENGTH = 16 * 1024;
const SCREEN_MS = 8;
const MAX_JUDGED = 2;
const FIRST_LENGTH = 16 * 1024;
const LONG_MS = 250;
const TIMEOUT_MS = 1000;
/** Of a text that is four times as long: 4 is linear, 16 quadratic. */
const MAX_GROWTH = 8;
/** Less is noise: what is quadratic takes more for a text of the last length. */
const LEAST_MS = 40;
/** For 64 KiB, of an expression that is linear but dear. */
const MAX_MS = 500;

/** @param {unknown} error */
const isTimeout = error =>
  Object(error).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

const cpu = () => {
  const { user, system } = (process.threadCpuUsage ?? process.cpuUsage)();
  return (user + system) / 1000;
};

/** @typedef {import('./attackStrings.mjs').Attack} Attack */

/** @param {Attack} attack @param {number} length */
const textOf = ({ prefix, pump, suffix }, length) =>
  prefix +
  pump.repeat(Math.max(1, Math.floor(length / Math.max(1, pump.length)))) +
  suffix;

/** CPU time of all that an expression does with a text; Infinity if it takes too long. @param {RegExp} pattern @param {string} text */
function time(pattern, text) {
  // The limit is one of the clock: on a busy machine it may pass while nothing is done.
  for (let timeout = TIMEOUT_MS; ; timeout *= 2) {
    const started = cpu();
    try {
      vm.runInNewContext(
        'text.replace(pattern, "")',
        { text, pattern },
        { timeout },
      );
      return cpu() - started;
    } catch (error) {
      if (!isTimeout(error)) {
        throw error;
      }
      if (cpu() - started > TIMEOUT_MS / 2) {
        return Infinity;
      }
    }
  }
}

/** Judges how the time grows with the length of the text. @param {RegExp} pattern @param {Attack} attack */
function judge(pattern, attack) {
  let length = FIRST_LENGTH;
  let first = time(pattern, textOf(attack, length));
  // So slow that a part of it tells.
  while (first > LONG_MS && length > 256) {
    length /= 4;
    const less = time(pattern, textOf(attack, length));
    if (first === Infinity && less === Infinity) {
      return { ...attack, length, ms: less };
    }
    first = less;
  }
  first = Math.min(first, time(pattern, textOf(attack, length)));
  const again = textOf(attack, length * 4);
  let last = time(pattern, again);
  if (last < LEAST_MS) {
    return undefined;
  }
  if (last < Infinity) {
    last = Math.min(last, time(pattern, again));
  }
  const slow = { ...attack, length: length * 4, ms: last };
  if ((last * 16_384) / length > MAX_MS) {
    return slow;
  }
  // What has a bound grows with the square up to there, and then no more.
  return last > MAX_GROWTH * first &&
    time(pattern, textOf(attack, length * 16)) > MAX_GROWTH * last
    ? slow
    : undefined;
}

/**
 * Finds a text on which an expression takes more than linear time.
 *
 * @param {RegExp} pattern
 * @param {Attack[]} attacks
 */
export function findSlow(pattern, attacks) {
  const texts = attacks.map(attack => textOf(attack, SCREEN_LENGTH));
  const state = {
    pattern,
    texts,
    cpu,
    limit: SCREEN_MS,
    index: 0,
    slow: /** @type {number[]} */ ([]),
    judged: MAX_JUDGED,
  };
  try {
    vm.runInNewContext(
      `"x".replace(pattern, ""); "x".replace(pattern, "");
       for (; index < texts.length && slow.length < judged; index++) {
         const started = cpu();
         texts[index].replace(pattern, "");
         if (cpu() - started > limit) slow.push(index);
       }`,
      state,
      { timeout: TIMEOUT_MS },
    );
  } catch (error) {
    if (!isTimeout(error)) {
      throw error;
    }
    // The time may end just after the last text.
    state.slow.push(Math.min(state.index, texts.length - 1));
  }
  for (const index of state.slow) {
    const found = judge(pattern, attacks[index]);
    if (found) {
      return found;
    }
  }
  return undefined;
}
