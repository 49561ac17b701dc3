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
   * The lines in which a match of a global pattern is read as something else,
   * or the whole text with them; undefined where none is.
   */
  replace(
    pattern: RegExp,
    read: (match: RegExpExecArray) => string | undefined,
    whole = false,
  ): View | undefined {
    const readings: Reading[] = [];
    for (const match of this.text.matchAll(pattern)) {
      const value = match[0] === '' ? undefined : read(match);
      if (value !== undefined) {
        const from = match.index;
        readings.push({ from, to: from + match[0].length, value });
      }
    }
    return readings.length > 0 ? this.#build(readings, whole) : undefined;
  }

  #build(readings: Reading[], whole: boolean): View {
    const segments: Segment[] = [];
    const parts: string[] = [];
    let at = 0;
    let done = -1;
    let stop = -1;
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
    for (const [index, { from, to, value }] of readings.entries()) {
      const near = this.text.slice(Math.max(0, done), from);
      const lineStart = Math.max(0, done) + near.lastIndexOf('\n') + 1;
      if (whole || (done < 0 && lineStart === 0)) {
        done = Math.max(0, done);
      } else if (done < lineStart && from > stop) {
        add(done < 0 ? '' : GAP, Math.max(0, done), lineStart, 'gap');
        done = lineStart;
      }
      add(this.text.slice(done, from), done, from, 'verbatim');
      add(value, from, to, 'read');
      done = to;
      if (stop < to) {
        const lineEnd = this.text.indexOf('\n', to);
        stop = lineEnd < 0 ? this.text.length : lineEnd;
      }
      const next = readings[index + 1];
      if (whole && !next) {
        stop = this.text.length;
      }
      if (!next || (!whole && next.from > stop)) {
        add(this.text.slice(done, stop), done, stop, 'verbatim');
        done = stop;
      }
    }
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
