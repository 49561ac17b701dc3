/** A line or block of a log, and the parts of it that nobody may see. */
export interface Sample {
  text: string;
  secrets: string[];
}

/** Draws characters; the same seed draws the same ones. */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 2654435761 + 1;
  }

  /** Mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  of(alphabet: string, length: number): string {
    return Array.from(
      { length },
      () => alphabet[this.below(alphabet.length)],
    ).join('');
  }

  digits = (length: number) => this.of('0123456789', length);
  hex = (length: number) => this.of('0123456789abcdef', length);
  upper = (length: number) =>
    this.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', length);
  lower = (length: number) =>
    this.of('abcdefghijklmnopqrstuvwxyz0123456789', length);
  word = (length: number) => this.of('abcdefghijklmnopqrstuvwxyz', length);
  alnum = (length: number) =>
    this.of(
      'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
      length,
    );
  base64 = (bytes: number) =>
    Buffer.from(Array.from({ length: bytes }, () => this.below(256))).toString(
      'base64',
    );
  base64url = (bytes: number) =>
    Buffer.from(Array.from({ length: bytes }, () => this.below(256))).toString(
      'base64url',
    );
  uuid = () => [8, 4, 4, 4, 12].map(length => this.hex(length)).join('-');
  /** As password managers make them. */
  password = (length = 16) =>
    `${this.alnum(length - 4)}${this.of('!#$%*+?^~', 1)}${this.digits(2)}${this.of('XYZxyz', 1)}`;
}

/** A text with one secret in it. */
export const one = (before: string, secret: string, after = ''): Sample => ({
  text: `${before}${secret}${after}`,
  secrets: [secret],
});
