// SPDX-License-Identifier: Apache-2.0
import type { Point, Series } from '../read/readMetrics';

/** How a series went around an alert. */
export interface Trend {
  shape: 'flat' | 'step' | 'ramp' | 'spike' | 'flapping';
  before: number;
  after: number;
  /** The highest value until a little after the alert began. */
  peak: number;
  peakAt: number;
  low: number;
  /** When it left what it was before; absent where it did not. */
  changedAt?: number;
  direction: 'up' | 'down' | 'none';
}

const AFTER = 15 * 60_000;
/** So many points in a row are no chance. */
const RUN = 3;

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

function quartile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** How well a straight line fits, from 0 to 1, and by how much it goes up. */
function fit(points: Point[]): { quality: number; rise: number } {
  const n = points.length;
  if (n < 8) {
    return { quality: 0, rise: 0 };
  }
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (const [x, y] of points) {
    xy += (x - meanX) * (y - meanY);
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
  }
  const rise = xx === 0 ? 0 : (xy / xx) * (points[n - 1][0] - points[0][0]);
  return { quality: xx * yy === 0 ? 0 : xy ** 2 / (xx * yy), rise };
}

/**
 * By which share of its level a series rises on a straight line, however slowly;
 * undefined where it goes up and down.
 */
export function steadyRise(points: Point[], least = 0.8): number | undefined {
  const { quality, rise } = fit(points);
  const level = Math.abs(median(points.map(([, value]) => value)));
  return quality >= least && rise > 0 && level > 0 ? rise / level : undefined;
}

function changeOf(points: Point[], before: number, noise: number) {
  const far = (value: number) => Math.abs(value - before) > noise;
  for (let at = 0; at + RUN <= points.length; at++) {
    if (points.slice(at, at + RUN).every(([, value]) => far(value))) {
      return points[at][0];
    }
  }
  return undefined;
}

function turns(points: Point[], noise: number): number {
  let count = 0;
  for (let at = 1; at < points.length; at++) {
    count += Math.abs(points[at][1] - points[at - 1][1]) > noise ? 1 : 0;
  }
  return count;
}

/** Where the two sides differ most: the split that explains most of the variance. */
function splitOf(values: number[]): number {
  const n = values.length;
  const total = values.reduce((sum, value) => sum + value, 0);
  let left = 0;
  let best = 0;
  let at = -1;
  for (let k = 1; k < n; k++) {
    left += values[k - 1];
    if (k >= RUN && n - k >= RUN) {
      const gap = left / k - (total - left) / (n - k);
      const explained = (gap * gap * k * (n - k)) / n;
      if (explained > best) {
        best = explained;
        at = k;
      }
    }
  }
  return at;
}

function spreadOf(values: number[]): number {
  return quartile(values, 0.9) - quartile(values, 0.1);
}

/** Reads the course of a series around an alert that began at `start`. */
export function trendOf({ points }: Series, start: number): Trend {
  const shown = points.filter(([time]) => time <= start + AFTER);
  const all = shown.length > 0 ? shown : points;
  const values = all.map(([, value]) => value);
  const split = splitOf(values);
  const left = split < 0 ? values : values.slice(0, split);
  const right = split < 0 ? values : values.slice(split);
  const before = median(left);
  const level = median(right);
  // Few points tell little of the noise.
  const spread = spreadOf(left.length >= right.length ? left : right);
  const noise = Math.max(0.25 * Math.abs(before), 1.5 * spread, 1e-9);
  const [peakAt, peak] = all.reduce((most, point) =>
    point[1] > most[1] ? point : most,
  );
  const low = Math.min(...values);
  const isStep = split >= 0 && Math.abs(level - before) > noise;
  const changedAt = isStep ? all[split][0] : changeOf(all, before, noise);
  const late = all.filter(
    ([time]) => time >= Math.max(changedAt ?? 0, start - 5 * 60_000),
  );
  const after = median((late.length > 0 ? late : all.slice(-3)).map(p => p[1]));
  const { quality, rise } = fit(all.filter(([time]) => time <= peakAt));
  const base = { before, after, peak, peakAt, low, changedAt };
  if (quality > 0.9 && rise > 0.2 * Math.max(Math.abs(before), 1e-9)) {
    const [, first] = all[0];
    return { ...base, before: first, shape: 'ramp', direction: 'up' };
  }
  if (turns(all, Math.max(noise, 0.25 * Math.abs(level - before))) >= 8) {
    return { ...base, shape: 'flapping', direction: 'none' };
  }
  if (isStep) {
    return {
      ...base,
      shape: 'step',
      direction: level >= before ? 'up' : 'down',
    };
  }
  const spike = peak - before > 2 * noise;
  return {
    ...base,
    shape: spike ? 'spike' : 'flat',
    direction: spike ? 'up' : 'none',
  };
}
