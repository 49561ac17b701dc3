// SPDX-License-Identifier: Apache-2.0

/** `1 test`, `3 tests`. */
export function counted(
  count: number,
  one: string,
  many: string = `${one}s`,
): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** What stands under a list that was cut; nothing when it was not. */
export function andMore(
  total: number,
  shown: number,
  what: string = '',
): string[] {
  return total > shown
    ? [
        `and ${(total - shown).toLocaleString('en-US')} more${what ? ` ${what}` : ''}`,
      ]
    : [];
}
