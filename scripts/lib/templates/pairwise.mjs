/**
 * A combination: a value for each axis.
 *
 * @typedef {Record<string, string>} Axes
 */

/** @param {Axes} axes @returns {string[]} Every pair of values in it. */
export function pairsOf(axes) {
  const values = Object.entries(axes).map(
    ([axis, value]) => `${axis}=${value}`,
  );
  return values.flatMap((first, index) =>
    values.slice(index + 1).map(second => `${first} ${second}`),
  );
}

/**
 * Chooses few of the candidates so that every pair of values that any candidate has is in one of
 * them: always the one that has most pairs that are still missing, the first of equals. The first
 * candidate is always chosen.
 *
 * @template {{ axes: Axes }} T
 * @param {T[]} candidates
 * @returns {T[]}
 */
export function coverPairs(candidates) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  const pairs = candidates.map(({ axes }) =>
    pairsOf(axes).map(pair => {
      const number = numbers.get(pair) ?? numbers.size;
      numbers.set(pair, number);
      return number;
    }),
  );
  const missing = new Uint8Array(numbers.size).fill(1);
  let left = numbers.size;
  const chosen = [];
  for (let next = 0; left > 0;) {
    chosen.push(candidates[next]);
    for (const pair of pairs[next]) {
      left -= missing[pair];
      missing[pair] = 0;
    }
    let most = 0;
    pairs.forEach((each, index) => {
      const gain = each.reduce((sum, pair) => sum + missing[pair], 0);
      if (gain > most) {
        most = gain;
        next = index;
      }
    });
  }
  return chosen;
}
