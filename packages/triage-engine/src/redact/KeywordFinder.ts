// SPDX-License-Identifier: Apache-2.0

/**
 * Finds which of many words a text holds, without regard to case, in one pass
 * (Aho and Corasick, 1975). Words are ASCII.
 */
export class KeywordFinder {
  readonly #words: string[];
  /** Of a character code its column; 0 is any that is in no word. */
  readonly #columns = new Uint8Array(128);
  #width = 1;
  #next = new Uint16Array(0);
  readonly #found: number[][] = [];

  constructor(words: Iterable<string>) {
    this.#words = [...new Set(words)];
    this.#build();
  }

  /** The words that stand in a text. */
  in(text: string): Set<string> {
    const hits = new Set<number>();
    const columns = this.#columns;
    const next = this.#next;
    const width = this.#width;
    const found = this.#found;
    let state = 0;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      state = next[state * width + (code < 128 ? columns[code] : 0)];
      for (const word of found[state]) {
        hits.add(word);
      }
    }
    return new Set([...hits].map(index => this.#words[index]));
  }

  #build() {
    for (const char of new Set(this.#words.join(''))) {
      const column = this.#width++;
      this.#columns[char.charCodeAt(0)] = column;
      this.#columns[char.toUpperCase().charCodeAt(0)] = column;
    }
    const edges: Array<Map<number, number>> = [new Map()];
    this.#found.push([]);
    this.#words.forEach((word, index) => {
      let state = 0;
      for (const char of word) {
        const column = this.#columns[char.charCodeAt(0)];
        let target = edges[state].get(column);
        if (target === undefined) {
          target = edges.push(new Map()) - 1;
          this.#found.push([]);
          edges[state].set(column, target);
        }
        state = target;
      }
      this.#found[state].push(index);
    });
    this.#complete(edges);
  }

  /** Gives each state a successor for each column. */
  #complete(edges: Array<Map<number, number>>) {
    this.#next = new Uint16Array(edges.length * this.#width);
    const fallback = new Uint16Array(edges.length);
    const queue = [0];
    for (const state of queue) {
      for (let column = 0; column < this.#width; column++) {
        const target = edges[state].get(column);
        const fallen = state
          ? this.#next[fallback[state] * this.#width + column]
          : 0;
        this.#next[state * this.#width + column] = target ?? fallen;
        if (target !== undefined) {
          fallback[target] = fallen;
          this.#found[target].push(...this.#found[fallen]);
          queue.push(target);
        }
      }
    }
  }
}
