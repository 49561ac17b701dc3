/** Gives each name once: `a.txt`, then `a (2).txt`. */
export class FreeNames {
  /** How often each name was asked for. */
  readonly #taken = new Map<string, number>();

  take(name: string): string {
    let free = name;
    while (this.#taken.has(free)) {
      const number = (this.#taken.get(name) ?? 1) + 1;
      this.#taken.set(name, number);
      free = name.replace(/(\.[A-Za-z0-9]{1,8})?$/, ` (${number})$1`);
    }
    this.#taken.set(free, 1);
    return free;
  }
}
