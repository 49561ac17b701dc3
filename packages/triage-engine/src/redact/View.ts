// SPDX-License-Identifier: Apache-2.0
interface Segment {
  /** Where it begins in the view. */
  at: number;
  /** Where it comes from in the text below. */
  from: number;
  to: number;
  /** Character for character as below; the lines between windows are a gap. */
  kind: 'verbatim' | 'read' | 'gap';
}

interface Reading {
  from: number;
  to: number;
  value: string;
}

/** Keeps what stands on both sides of a gap apart. */
const GAP = '\n\n';

/** Where the line begins that is so many lines above the one of a position. */
function lineStartAbove(text: string, position: number, lines: number): number {
  let start = text.slice(0, position).lastIndexOf('\n') + 1;
  for (let count = 0; count < lines && start > 0; count++) {
    start = start < 2 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
  }
  return start;
}

/** Where the line ends that is so many lines below the one of a position, or one from `limit` on. */
function lineEndBelow(
  text: string,
  position: number,
  lines: number,
  limit: number,
): number {
  let end = text.indexOf('\n', position);
  for (let count = 0; count < lines && end >= 0 && end < limit; count++) {
    end = text.indexOf('\n', end + 1);
  }
  return end < 0 ? text.length : end;
}

/**
 * A text read in another way (unescaped, its lines joined) that knows where in
 * the original each of its characters comes from.
 */
export class View {
  readonly text: string;
  readonly #segments: Segment[];
  readonly #below?: View;

  private constructor(text: string, segments: Segment[], below?: View) {
    this.text = text;
    this.#segments = segments;
    this.#below = below;
  }

  static of(text: string): View {
    const whole: Segment = {
      at: 0,
      from: 0,
      to: text.length,
      kind: 'verbatim',
    };
    return new View(text, [whole]);
  }

  /**
   * The lines in which a match of a global pattern is read as something else, with
   * so many lines around them, or undefined where none is.
   */
  replace(
    pattern: RegExp,
    read: (match: RegExpExecArray) => string | undefined,
    around = 0,
  ): View | undefined {
    const readings: Reading[] = [];
    for (const match of this.text.matchAll(pattern)) {
      const value = match[0] === '' ? undefined : read(match);
      if (value !== undefined) {
        const from = match.index;
        readings.push({ from, to: from + match[0].length, value });
      }
    }
    return readings.length > 0 ? this.#build(readings, around) : undefined;
  }

  #build(readings: Reading[], around: number): View {
    const { text } = this;
    const segments: Segment[] = [];
    const parts: string[] = [];
    let at = 0;
    let done = 0;
    const add = (
      value: string,
      from: number,
      to: number,
      kind: Segment['kind'],
    ) => {
      // An empty one has no characters to look up.
      if (value !== '') {
        segments.push({ at, from, to, kind });
        parts.push(value);
        at += value.length;
      }
    };
    const addVerbatim = (to: number) => {
      add(text.slice(done, to), done, to, 'verbatim');
      done = to;
    };
    readings.forEach(({ from, to, value }, index) => {
      const isFirst = index === 0;
      const end = isFirst ? 0 : lineEndBelow(text, done, around, from);
      if (end < from) {
        addVerbatim(end);
        const start = lineStartAbove(text, from, around);
        // Not where it begins in the next line or above.
        if (start > end + 1 || isFirst) {
          add(isFirst ? '' : GAP, end, start, 'gap');
          done = start;
        }
      }
      addVerbatim(from);
      add(value, from, to, 'read');
      done = to;
    });
    addVerbatim(lineEndBelow(text, done, around, text.length));
    return new View(parts.join(''), segments, this);
  }

  /**
   * The range of the original text that a range of this view was read from;
   * undefined where lines are missing in between.
   */
  origin(from: number, to: number): [number, number] | undefined {
    const range = this.#rangeBelow(from, to);
    return range && this.#below ? this.#below.origin(...range) : range;
  }

  /** Whether nothing of the original, such as the end of a line, was left out in between. */
  isUnbroken(from: number, to: number): boolean {
    const last = this.#segmentAt(to - 1);
    for (let at = this.#segmentAt(from); at < last; at++) {
      if (this.#segments[at].to !== this.#segments[at + 1].from) {
        return false;
      }
    }
    const range = this.#rangeBelow(from, to);
    return !range || !this.#below || this.#below.isUnbroken(...range);
  }

  #rangeBelow(from: number, to: number): [number, number] | undefined {
    const first = this.#segmentAt(from);
    const last = this.#segmentAt(to - 1);
    if (this.#segments.slice(first, last + 1).some(one => one.kind === 'gap')) {
      return undefined;
    }
    const opening = this.#segments[first];
    const closing = this.#segments[last];
    const start =
      opening.kind === 'verbatim'
        ? opening.from + from - opening.at
        : opening.from;
    const end =
      closing.kind === 'verbatim' ? closing.from + to - closing.at : closing.to;
    return [start, end];
  }

  #segmentAt(position: number): number {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#segments[middle].at <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
