// SPDX-License-Identifier: Apache-2.0
import type { KubernetesObject } from '@greenroom/plugin-kserve-common';

/** Keys of objects by the values of some of their labels: a page must not look through thousands. */
export class LabelIndex {
  readonly #labels: readonly string[];
  readonly #keys = new Map<string, Set<string>>();

  constructor(labels: readonly string[]) {
    this.#labels = labels;
  }

  /** Keys of the objects of which one of the labels has this value. */
  find(value: string): ReadonlySet<string> {
    return this.#keys.get(value) ?? new Set();
  }

  /** @param before - what was there by this key; @param after - what is there now. */
  replace(
    key: string,
    before: KubernetesObject | undefined,
    after: KubernetesObject | undefined,
  ): void {
    for (const value of this.#valuesOf(before)) {
      const keys = this.#keys.get(value);
      keys?.delete(key);
      if (keys?.size === 0) {
        this.#keys.delete(value);
      }
    }
    for (const value of this.#valuesOf(after)) {
      const keys = this.#keys.get(value) ?? new Set();
      this.#keys.set(value, keys.add(key));
    }
  }

  #valuesOf(object: KubernetesObject | undefined): string[] {
    const labels = object?.metadata?.labels ?? {};
    return this.#labels.flatMap(label => labels[label] ?? []);
  }
}
