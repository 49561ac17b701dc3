// SPDX-License-Identifier: Apache-2.0

/** `[REDACTED:github-pat#1]`: the same secret, the same number. */
export class Placeholders {
  readonly #byText = new Map<string, string>();
  readonly #numbers = new Map<string, number>();
  readonly #taken = new Map<string, number>();
  readonly #kinds: Set<string>;

  /** @param kinds - all that there can be: a text cannot make up others. */
  constructor(kinds: Iterable<string>) {
    this.#kinds = new Set(kinds);
  }

  of(kind: string, secret: string): string {
    const name = this.#kinds.has(kind) ? kind : 'secret';
    const known = this.#byText.get(secret);
    if (known) {
      return known;
    }
    const number = (this.#numbers.get(name) ?? 0) + 1;
    this.#numbers.set(name, number);
    const placeholder = `[REDACTED:${name}#${number}]`;
    this.#byText.set(secret, placeholder);
    return placeholder;
  }

  /** Counts one that a placeholder took the place of. */
  count(kind: string): void {
    const name = this.#kinds.has(kind) ? kind : 'secret';
    this.#taken.set(name, (this.#taken.get(name) ?? 0) + 1);
  }

  /** Where a text already holds placeholders. */
  within(text: string): Array<[number, number]> {
    return [...text.matchAll(/\[REDACTED:([a-z0-9-]{1,60})#\d{1,6}\]/g)]
      .filter(match => this.#kinds.has(match[1]))
      .map(match => [match.index, match.index + match[0].length]);
  }

  /** How many were taken out, by kind. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#taken);
  }
}
