// SPDX-License-Identifier: Apache-2.0
import type { MlflowDriftBin } from '@greenroom/plugin-mlflow-common';

/** `12 %`, and `<1 %` where it would be none. */
export function formatShare(share: number, locale: string): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
  });
  return share > 0 && share < 0.005
    ? `<${format.format(0.01)}`
    : format.format(share);
}

/** The day, with the year, and the time: windows may be shorter than a day. */
export function formatTime(time: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(time);
}

/** The bin whose share has changed the most. */
export function findLargestMove(
  bins: readonly MlflowDriftBin[],
): MlflowDriftBin | undefined {
  const move = (bin: MlflowDriftBin) => Math.abs(bin.now - bin.reference);
  return [...bins].sort((a, b) => move(b) - move(a))[0];
}
