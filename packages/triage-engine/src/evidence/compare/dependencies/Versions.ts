// SPDX-License-Identifier: Apache-2.0

/** More versions of one package than this are not told apart. */
const MAX_VERSIONS = 20;

/** Versions by name, where a file can hold several of one. */
export class Versions {
  readonly #found = new Map<string, Set<string>>();

  add(name: string, version: string): void {
    const known = this.#found.get(name) ?? new Set<string>();
    if (known.size < MAX_VERSIONS) {
      known.add(version);
    }
    this.#found.set(name, known);
  }

  /** `1.0.0, 1.2.0` by name. */
  toMap(): Map<string, string> {
    return new Map(
      [...this.#found].map(([name, all]) => [name, [...all].sort().join(', ')]),
    );
  }
}
