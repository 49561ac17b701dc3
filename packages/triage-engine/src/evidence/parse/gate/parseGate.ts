// SPDX-License-Identifier: Apache-2.0
import { createFinding } from '../shared/createFinding';
import { Fields, isRecord } from '../shared/Fields';
import type { ToolResult } from '../shared/types';

const PREFIX = 'greenroom.gate.';

/** The tags of a gate among those of a run: an object, or MLflow's list of keys and values. */
export function gateTags(value: unknown): Map<string, string> | undefined {
  const run = new Fields(value);
  const data = run.object('run').object('data').list('tags');
  const lists = [
    ...data,
    ...run.object('data').list('tags'),
    ...run.list('tags'),
  ];
  const pairs: Array<[string, unknown]> = [value, ...lists].flatMap(each =>
    isRecord(each) && typeof each.key === 'string'
      ? [[each.key, each.value]]
      : Object.entries(isRecord(each) ? each : {}),
  );
  const tags = new Map<string, string>();
  for (const [key, each] of pairs) {
    if (key.startsWith(PREFIX)) {
      tags.set(key.slice(PREFIX.length), String(each));
    }
  }
  return tags.size > 0 ? tags : undefined;
}

/**
 * Reads a gate's verdict from the tags that it sets on its MLflow run
 * (`greenroom.gate.passed` and so on): a finding for the threshold, another for
 * the champion. They do not say which libraries were wrong.
 */
export function parseGate(value: unknown): ToolResult {
  const tags = gateTags(value) ?? new Map<string, string>();
  if (tags.get('passed') !== 'false') {
    return { findings: [], errors: [] };
  }
  const metric = tags.get('metric') ?? 'metric';
  const direction = tags.get('direction') ?? 'maximize';
  const candidate = number(tags.get('value'));
  const misses = (bound: number) =>
    direction === 'minimize' ? candidate > bound : candidate < bound;
  const sign = direction === 'minimize' ? '>' : '<';
  const bounds = [
    { rule: 'gate-threshold', tag: 'threshold', name: 'threshold' },
    {
      rule: 'gate-champion',
      tag: 'champion_value',
      name: `champion v${tags.get('champion_version') ?? '?'}`,
    },
  ];
  const extra = Object.fromEntries(tags);
  const missed = bounds
    .filter(each => misses(number(tags.get(each.tag))))
    .map(each => ({
      rule: each.rule,
      message: `${metric} ${tags.get('value')} ${sign} ${tags.get(each.tag)} (${each.name})`,
    }));
  const reasons = Number.isNaN(candidate)
    ? [{ rule: 'gate-not-a-number', message: `${metric} is not a number` }]
    : missed;
  return {
    findings: (reasons.length > 0
      ? reasons
      : [{ rule: 'gate', message: `The gate did not pass ${metric}` }]
    ).map(reason =>
      createFinding({
        tool: 'gate',
        kind: 'gate',
        severity: 'high',
        extra,
        ...reason,
      }),
    ),
    errors: [],
  };
}

function number(text: string | undefined): number {
  return text === undefined || text === '' ? NaN : Number(text);
}
