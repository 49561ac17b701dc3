// SPDX-License-Identifier: Apache-2.0

/** Runs actions with one key one after the other, and those with different keys side by side. */
export function createLock() {
  const tails = new Map<number, Promise<unknown>>();
  return <T>(key: number, action: () => Promise<T>): Promise<T> => {
    const result = (tails.get(key) ?? Promise.resolve()).then(action);
    const tail = result.catch(() => {});
    tails.set(key, tail);
    tail.then(() => {
      if (tails.get(key) === tail) {
        tails.delete(key);
      }
    });
    return result;
  };
}
