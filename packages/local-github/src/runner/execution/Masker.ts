// SPDX-License-Identifier: Apache-2.0

/** Replaces secret values by `***` wherever text leaves a job. */
export class Masker {
  #values: string[] = [];

  /** Hides a value, each of its lines, and the ways it is usually encoded. */
  add(value: string): void {
    const lines = value.split(/\r?\n/).map(line => line.trim());
    const plain = [
      value.trim(),
      // A bracket that stands alone in a key file is no secret.
      ...(lines.length > 1 ? lines.filter(line => line.length > 2) : []),
    ].filter(part => part !== '');
    const encoded = plain.flatMap(part => {
      const base64 = Buffer.from(part).toString('base64');
      return part.length < 4
        ? [part]
        : [
            part,
            base64,
            base64.replace(/={1,2}$/, ''),
            JSON.stringify(part).slice(1, -1),
            encodeURIComponent(part),
          ];
    });
    this.#values = [...new Set([...this.#values, ...encoded])].sort(
      (one, other) => other.length - one.length,
    );
  }

  mask(text: string): string {
    return this.#values.reduce(
      (masked, value) => masked.replaceAll(value, '***'),
      text,
    );
  }

  hides(text: string): boolean {
    return this.mask(text) !== text;
  }
}
