/** Replaces secret values by `***` wherever text leaves a job. */
export class Masker {
  private values: string[] = [];

  /** Hides a value, each of its lines, and the ways it is usually encoded. */
  add(value: string): void {
    const plain = [value, ...value.split(/\r?\n/)]
      .map(part => part.trim())
      .filter(part => part.length > 0);
    const encoded = plain.flatMap(part => [
      part,
      Buffer.from(part).toString('base64').replace(/=+$/, ''),
      JSON.stringify(part).slice(1, -1),
      encodeURIComponent(part),
    ]);
    this.values = [...new Set([...this.values, ...encoded])].sort(
      (a, b) => b.length - a.length,
    );
  }

  mask(text: string): string {
    return this.values.reduce(
      (masked, value) => masked.replaceAll(value, '***'),
      text,
    );
  }

  hides(text: string): boolean {
    return this.mask(text) !== text;
  }
}
