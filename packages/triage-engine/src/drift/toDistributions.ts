// SPDX-License-Identifier: Apache-2.0
import type { ReportedDistribution } from '@greenroom/plugin-triage-common';
import type { DriftedFeature } from './types';

type Bin = ReportedDistribution['bins'][number];

const MAX_FEATURES = 5;
const MAX_BINS = 12;
const MAX_NAME = 200;
const MIN_DIGITS = 3;
const MAX_DIGITS = 10;

/** `(11.25, 12.5]`, as greenroom-ml names the bins of a number. */
const INTERVAL = /^\(([-+.e\d]{1,30}|-inf), ([-+.e\d]{1,30}|inf)([\])])$/;

const shortEdge = (edge: string, digits: number) =>
  Number.isFinite(Number(edge))
    ? String(Number(Number(edge).toPrecision(digits)))
    : edge;

/** Edges in as few digits as tell them apart; whatever is no interval as it is. */
function shortNames(names: string[]): string[] {
  const shortened = (digits: number) =>
    names.map(name => {
      const [whole, low, high, end] = INTERVAL.exec(name) ?? [];
      return whole
        ? `(${shortEdge(low, digits)}, ${shortEdge(high, digits)}${end}`
        : name;
    });
  const differ = (all: string[]) =>
    new Set(all).size === names.length &&
    all.every(name => {
      const [whole, low, high] = INTERVAL.exec(name) ?? [];
      return !whole || low !== high;
    });
  for (let digits = MIN_DIGITS; digits < MAX_DIGITS; digits += 1) {
    const short = shortened(digits);
    if (differ(short)) {
      return short;
    }
  }
  return names;
}

/** Those that moved the most, in their order, and the others as one. */
function mostMoved(bins: Bin[]): Bin[] {
  if (bins.length <= MAX_BINS) {
    return bins;
  }
  const kept = new Set(
    [...bins]
      .sort(
        (a, b) => Math.abs(b.now - b.reference) - Math.abs(a.now - a.reference),
      )
      .slice(0, MAX_BINS - 1),
  );
  const rest = bins.filter(bin => !kept.has(bin));
  const sum = (key: 'reference' | 'now') =>
    Math.min(
      1,
      rest.reduce((total, bin) => total + bin[key], 0),
    );
  return [
    ...bins.filter(bin => kept.has(bin)),
    {
      name: `${rest.length} more bins`,
      reference: sum('reference'),
      now: sum('now'),
    },
  ];
}

/** What a picture of the features that moved the most needs; of none, of the first. */
export function toDistributions(
  features: DriftedFeature[],
): ReportedDistribution[] {
  const seen = features.filter(
    ({ bins = [], observations }) => bins.length > 0 && observations > 0,
  );
  const moved = seen.filter(
    ({ level }) => level === 'far' || level === 'moved',
  );
  return (moved.length > 0 ? moved : seen)
    .slice(0, MAX_FEATURES)
    .map(({ bins = [], name, observations, psi, referenceObservations }) => {
      const names = shortNames(bins.map(bin => bin.name.slice(0, MAX_NAME)));
      return {
        ...(name !== undefined && { name: name.slice(0, MAX_NAME) }),
        ...(psi !== undefined && { psi }),
        ...(referenceObservations !== undefined && {
          referenceRows: referenceObservations,
        }),
        rows: observations,
        bins: mostMoved(
          bins
            .map((bin, index) => ({ ...bin, name: names[index] }))
            // A bin that nobody was ever in says nothing.
            .filter(bin => bin.reference > 0 || bin.now > 0),
        ),
      };
    });
}
