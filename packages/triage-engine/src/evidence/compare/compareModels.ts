// SPDX-License-Identifier: Apache-2.0
import type { Change, Finding } from '@greenroom/plugin-triage-common';
import type { ModelRunSnapshot } from './types';

function differing<T>(
  kind: Change['kind'],
  before: Record<string, T>,
  after: Record<string, T>,
): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter(name => !Object.is(before[name], after[name]))
    .sort()
    .map(name => ({
      kind,
      name,
      ...(Object.hasOwn(before, name) && { before: String(before[name]) }),
      ...(Object.hasOwn(after, name) && { after: String(after[name]) }),
    }));
}

/** How far two figures are apart, against the larger; what only one side has comes last. */
function distance({ before, after }: Change): number {
  const was = Number(before ?? NaN);
  const is = Number(after ?? NaN);
  const larger = Math.max(Math.abs(was), Math.abs(is));
  return Number.isNaN(is - was) || larger === 0
    ? -1
    : Math.abs(is - was) / larger;
}

function gateMetrics(findings: Finding[]): Set<string> {
  return new Set(
    findings
      .filter(({ kind }) => kind === 'gate')
      .map(({ extra }) => extra?.metric)
      .filter((name): name is string => typeof name === 'string'),
  );
}

/**
 * How a candidate differs from the champion: the gate's metric, even if it is the
 * same, then the metrics by how much they moved, parameters, data and libraries.
 * Whether more is better is not known here, so both figures are given.
 */
export function compareModels(
  findings: Finding[],
  candidate?: ModelRunSnapshot,
  champion?: ModelRunSnapshot,
): Change[] {
  if (!candidate || !champion) {
    return [];
  }
  const judged = gateMetrics(findings);
  const same = Object.keys(candidate.metrics)
    .filter(
      name =>
        judged.has(name) &&
        Object.is(candidate.metrics[name], champion.metrics[name]),
    )
    .map((name): Change => {
      const value = String(candidate.metrics[name]);
      return { kind: 'metric', name, before: value, after: value };
    });
  const metrics = [
    ...same,
    ...differing('metric', champion.metrics, candidate.metrics),
  ].sort(
    (a, b) =>
      Number(judged.has(b.name)) - Number(judged.has(a.name)) ||
      distance(b) - distance(a) ||
      (a.name < b.name ? -1 : 1),
  );
  const data = (digest?: string): Record<string, string> =>
    digest === undefined ? {} : { digest };
  return [
    ...metrics,
    ...differing('data', data(champion.dataDigest), data(candidate.dataDigest)),
    ...differing('parameter', champion.params, candidate.params),
    ...differing('library', champion.libraries, candidate.libraries),
  ];
}
