// SPDX-License-Identifier: Apache-2.0

/** Groups in order of appearance (`Map.groupBy` is newer than our target). */
export function groupBy<T, K>(
  items: readonly T[],
  toKey: (item: T) => K,
): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = toKey(item);
    const group = groups.get(key);
    if (group) {
      group.push(item);
    } else {
      groups.set(key, [item]);
    }
  }
  return groups;
}
