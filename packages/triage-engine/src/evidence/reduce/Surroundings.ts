// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../logs/types';
import { tellsOfNeighbours } from '../../redact/tellsOfNeighbours';

/** Lines that are held or let go together. */
const CHUNK_LINES = 32;
/** What of a longer line is held. */
const MOST_CHARACTERS = 500;
/** Of all lines around those that are kept. */
const MOST_IN_ALL = 1024 ** 2;

/** What stood around a line: its chunk, the one before it, the one after. */
export type Neighbourhood = LogLine[][];

/**
 * Lines around others, as far as they may say that these are secret. What nothing
 * speaks of is let go at once, and what only lines hold that are let go, with them.
 */
export class Surroundings {
  #chunk: LogLine[] = [];
  #around: Neighbourhood = [this.#chunk];
  #before: Neighbourhood = [];
  /** Of the last three chunks. */
  #telling = [false, false, false];

  /** @returns what will stand around the line when those after it have come */
  add(line: LogLine): Neighbourhood {
    if (this.#chunk.length === CHUNK_LINES) {
      this.#next();
    }
    const { number, text } = line;
    this.#chunk.push(
      text.length > MOST_CHARACTERS
        ? // Joined and cut, so that it is a copy, and the whole line can go.
          { number, text: ` ${text.slice(0, MOST_CHARACTERS)}`.slice(1) }
        : line,
    );
    this.#telling[2] ||= tellsOfNeighbours(text);
    return this.#around;
  }

  #next(): void {
    // The chunk that ends is the last that the neighbourhood before it waited for.
    if (!this.#telling.includes(true)) {
      this.#before.length = 0;
    }
    const next: LogLine[] = [];
    this.#around.push(next);
    this.#before = this.#around;
    this.#around = [this.#chunk, next];
    this.#chunk = next;
    this.#telling = [...this.#telling.slice(1), false];
  }
}

/** The lines around those that are kept, nearest first until there are enough, in their order. */
export function linesAround(
  kept: LogLine[],
  neighbourhoods: Neighbourhood[],
): LogLine[] {
  const near = new Map<number, LogLine>();
  for (const chunk of new Set(neighbourhoods.flat())) {
    chunk.forEach(line => near.set(line.number, line));
  }
  const taken = new Set(kept.map(({ number }) => number));
  const found: LogLine[] = [];
  let left = MOST_IN_ALL;
  for (let away = 1; near.size > 0 && away <= 2 * CHUNK_LINES; away++) {
    for (const { number } of kept) {
      for (const at of [number - away, number + away]) {
        const line = taken.has(at) ? undefined : near.get(at);
        if (line && left >= line.text.length) {
          taken.add(at);
          left -= line.text.length + 1;
          found.push(line);
        }
      }
    }
  }
  return found.sort((a, b) => a.number - b.number);
}
