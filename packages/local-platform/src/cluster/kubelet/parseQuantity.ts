// SPDX-License-Identifier: Apache-2.0

const SUFFIXES: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const QUANTITY = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([A-Za-z]{0,2})$/;

/** A quantity of Kubernetes as a number: `500m` is 0.5, `1Gi` is 1073741824. What is none is NaN. */
export function parseQuantity(quantity: string): number {
  const [, number, suffix] = QUANTITY.exec(quantity) ?? [];
  return Number(number) * (SUFFIXES[suffix] ?? Number.NaN);
}
