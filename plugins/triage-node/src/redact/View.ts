interface Segment {
  /** Where it begins in the view. */
  at: number;
  /** Where it comes from in the text below. */
  from: number;
  to: number;
  /** Character for character as below. */
  verbatim: boolean;
}

/**
 * A text read in another way (unescaped, its lines joined) that knows where in
 * the original each of its characters comes from.
 */
export class View {
  readonly text: string;
  private readonly segments: Segment[];
  private readonly below?: View;

  private constructor(text: string, segments: Segment[], below?: View) {
    this.text = text;
    this.segments = segments;
    this.below = below;
  }

  static of(text: string): View {
    return new View(text, [
      { at: 0, from: 0, to: text.length, verbatim: true },
    ]);
  }

  /**
   * The view in which each match of a global pattern is read as something
   * else, or undefined where nothing matches.
   */
  replace(
    pattern: RegExp,
    read: (match: RegExpMatchArray) => string | undefined,
  ): View | undefined {
    const segments: Segment[] = [];
    let text = '';
    let done = 0;
    const verbatim = (to: number) => {
      if (to > done) {
        segments.push({ at: text.length, from: done, to, verbatim: true });
        text += this.text.slice(done, to);
      }
    };
    for (const match of this.text.matchAll(pattern)) {
      const value = read(match);
      if (value !== undefined && match[0] !== '') {
        verbatim(match.index);
        done = match.index + match[0].length;
        segments.push({
          at: text.length,
          from: match.index,
          to: done,
          verbatim: false,
        });
        text += value;
      }
    }
    if (done === 0) {
      return undefined;
    }
    verbatim(this.text.length);
    return new View(
      text,
      // An empty replacement has no characters to look up.
      segments.filter(
        (segment, index) =>
          (segments[index + 1]?.at ?? text.length) > segment.at,
      ),
      this,
    );
  }

  /** The range of the original text that a range of this view was read from. */
  origin(from: number, to: number): [number, number] {
    const first = this.segmentAt(from);
    const last = this.segmentAt(to - 1);
    const start = first.verbatim ? first.from + from - first.at : first.from;
    const end = last.verbatim ? last.from + to - last.at : last.to;
    return this.below ? this.below.origin(start, end) : [start, end];
  }

  private segmentAt(position: number): Segment {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.segments[middle].at <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return this.segments[low];
  }
}
