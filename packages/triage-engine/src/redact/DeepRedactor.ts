// SPDX-License-Identifier: Apache-2.0
const DEEPEST = 200;

/** Names whose value is judged together with them. */
const TELLING =
  /auth|cookie|token|key|pass|pwd|secret|cred|session|sas|conn|sig/i;

/** Redacts each string in a value, keys too. */
export class DeepRedactor {
  readonly #redact: (text: string) => string;
  readonly #withhold: (what: string) => string;
  /** The objects being copied: one that holds itself has no copy. */
  readonly #open = new Set<object>();

  constructor(
    redact: (text: string) => string,
    withhold: (what: string) => string,
  ) {
    this.#redact = redact;
    this.#withhold = withhold;
  }

  /** A copy; objects come back plain, bytes, which cannot be read, withheld. */
  copy(value: unknown): unknown {
    if (typeof value === 'string') {
      return this.#redact(value);
    }
    if (
      typeof value !== 'object' ||
      value === null ||
      value instanceof Date ||
      value instanceof RegExp
    ) {
      return value;
    }
    if (this.#open.size > DEEPEST || this.#open.has(value)) {
      return this.#withhold('nested');
    }
    this.#open.add(value);
    const copy = this.#copyObject(value);
    this.#open.delete(value);
    return copy;
  }

  #copyObject(value: object): unknown {
    if (Array.isArray(value)) {
      return value.map(entry => this.copy(entry));
    }
    if (value instanceof Map) {
      return new Map(
        [...value].map(([key, entry]) => [
          this.copy(key),
          this.#copyNamed(key, entry),
        ]),
      );
    }
    if (value instanceof Set) {
      return new Set([...value].map(entry => this.copy(entry)));
    }
    if (value instanceof URL) {
      return this.#redact(value.href);
    }
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      return this.#withhold('bytes');
    }
    const entries = Object.entries(value);
    if (value instanceof Error) {
      entries.push(['name', value.name], ['message', value.message]);
    }
    // An environment variable of a container: { name, value }.
    const label = entries.find(([key]) => key === 'name' || key === 'key')?.[1];
    return Object.fromEntries(
      entries.map(([key, entry]) => [
        this.#redact(key),
        this.#copyNamed(
          key === 'value' && typeof label === 'string' ? label : key,
          entry,
        ),
      ]),
    );
  }

  #copyNamed(name: unknown, value: unknown): unknown {
    if (
      typeof value !== 'string' ||
      typeof name !== 'string' ||
      !TELLING.test(name) ||
      /[\r\n]/.test(name)
    ) {
      return this.copy(value);
    }
    const before = `${name}: `;
    const whole = this.#redact(before + value);
    return this.#redact(
      whole.startsWith(before) ? whole.slice(before.length) : value,
    );
  }
}
