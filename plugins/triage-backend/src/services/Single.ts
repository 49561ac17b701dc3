// SPDX-License-Identifier: Apache-2.0

/** What at most one module gives. */
export class Single<T extends object> {
  readonly #problem: string;
  #value?: T;

  /** @param problem - that there are two, for people */
  constructor(problem: string) {
    this.#problem = problem;
  }

  get value(): T | undefined {
    return this.#value;
  }

  /** @throws Error when there is one already */
  set(value: T): void {
    if (this.#value) {
      throw new Error(this.#problem);
    }
    this.#value = value;
  }
}
