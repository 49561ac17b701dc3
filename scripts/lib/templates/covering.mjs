// SPDX-License-Identifier: Apache-2.0

/**
 * A combination: a value for each axis.
 *
 * @typedef {Record<string, string>} Axes
 */

/**
 * Every choice of `strength` values in it: the pairs for 2, the triples for 3.
 *
 * @param {Axes} axes
 * @param {number} strength
 * @returns {string[]}
 */
export function tuplesOf(axes, strength) {
  /** @type {string[][]} */
  let partial = [[]];
  /** @type {string[]} */
  const tuples = [];
  for (const [axis, value] of Object.entries(axes)) {
    const grown = partial.map(tuple => [...tuple, `${axis}=${value}`]);
    tuples.push(
      ...grown
        .filter(tuple => tuple.length === strength)
        .map(tuple => tuple.join(' ')),
    );
    partial = [...partial, ...grown.filter(tuple => tuple.length < strength)];
  }
  return tuples;
}

/**
 * Chooses few of the candidates so that every tuple of values that any candidate has is in one of
 * them: always the one that has most tuples that are still missing, the first of equals. The first
 * candidate is always chosen.
 *
 * @template {{ axes: Axes }} T
 * @param {T[]} candidates
 * @param {number} strength
 * @returns {T[]}
 */
export function coverTuples(candidates, strength) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  const tuples = candidates.map(({ axes }) =>
    tuplesOf(axes, strength).map(tuple => {
      const number = numbers.get(tuple) ?? numbers.size;
      numbers.set(tuple, number);
      return number;
    }),
  );
  const missing = new Uint8Array(numbers.size).fill(1);
  let left = numbers.size;
  const chosen = [];
  for (let next = 0; left > 0;) {
    chosen.push(candidates[next]);
    for (const tuple of tuples[next]) {
      left -= missing[tuple];
      missing[tuple] = 0;
    }
    let most = 0;
    tuples.forEach((each, index) => {
      const gain = each.reduce((sum, tuple) => sum + missing[tuple], 0);
      if (gain > most) {
        most = gain;
        next = index;
      }
    });
  }
  return chosen;
}
