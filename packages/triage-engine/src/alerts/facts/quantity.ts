// SPDX-License-Identifier: Apache-2.0

const FACTORS: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A quantity of Kubernetes as a number: `80m` is 0.08, `6Gi` bytes. */
export function quantity(text: string | undefined): number | undefined {
  const match = /^(\d{1,18}(?:\.\d{1,9})?)([num kMGT]i?)?$/.exec(text ?? '');
  return match ? Number(match[1]) * (FACTORS[match[2] ?? ''] ?? 1) : undefined;
}

const rounded = (value: number) => String(Number(value.toPrecision(3)));

/** `3.26 GiB` */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const at = Math.min(
    units.length - 1,
    Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)),
  );
  return `${rounded(value / 2 ** (10 * at))} ${units[at]}`;
}

/** A number for people, with three digits that count. */
export const figure = (value: number) =>
  Math.abs(value) >= 1e6 ? value.toExponential(2) : rounded(value);

/** `41 min`, `9 h`, `12 days` */
export function duration(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  if (minutes < 2) {
    return `${Math.round(minutes * 60)} s`;
  }
  if (minutes < 120) {
    return `${Math.round(minutes)} min`;
  }
  return minutes < 48 * 60
    ? `${Math.round(minutes / 60)} h`
    : `${Math.round(minutes / 1440)} days`;
}
