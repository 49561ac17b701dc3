// SPDX-License-Identifier: Apache-2.0

/** Three digits: more would say that the figure is exact. */
export function formatFigure(figure: number): string {
  return String(Number(figure.toPrecision(3)));
}
