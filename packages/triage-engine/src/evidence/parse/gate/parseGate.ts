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

const THRESHOLD = 'threshold';
const CHAMPION = 'champion';

/** Where no tag says which checks failed: those whose figures miss. */
function missedBounds(tags: Map<string, string>): string[] {
  const candidate = number(tags.get('value'));
  const misses = (bound: number) =>
    tags.get('direction') === 'minimize'
      ? candidate > bound
      : candidate < bound;
  return [THRESHOLD, CHAMPION].filter(check =>
    misses(number(tags.get(check === CHAMPION ? 'champion_value' : check))),
  );
}

/**
 * Reads a gate's verdict from the tags that it sets on its MLflow run
 * (`greenroom.gate.passed` and so on): a finding for each check that failed,
 * the one that decided with its sentence.
 */
export function parseGate(value: unknown): ToolResult {
  const tags = gateTags(value) ?? new Map<string, string>();
  if (tags.get('passed') !== 'false') {
    return { findings: [], errors: [] };
  }
  const metric = tags.get('metric') ?? 'metric';
  const sign = tags.get('direction') === 'minimize' ? '>' : '<';
  const extra = Object.fromEntries(tags);
  const failed = tags.get('failed_checks')?.split(',').filter(Boolean);
  const messageOf = (check: string, index: number): string => {
    // The first is what decided, and has its sentence.
    const reason = index === 0 && failed && tags.get('reason');
    if (reason) {
      return reason;
    }
    if (check === CHAMPION) {
      // Both on the same rows; the gate's own figure is of a cross-validation.
      const candidate = tags.get('candidate_value') ?? tags.get('value');
      return `${metric} ${figure(candidate)} ${sign} ${figure(tags.get('champion_value'))} (champion v${tags.get('champion_version') ?? '?'})`;
    }
    return check === THRESHOLD
      ? `${metric} ${figure(tags.get('value'))} ${sign} ${figure(tags.get(THRESHOLD))} (threshold)`
      : `The gate's check of the ${check} failed`;
  };
  const reasons = Number.isNaN(number(tags.get('value')))
    ? [{ rule: 'gate-not-a-number', message: `${metric} is not a number` }]
    : (failed ?? missedBounds(tags)).map((check, index) => ({
        rule: `gate-${check.replace(/[^a-z]+/g, '-')}`,
        message: messageOf(check, index),
      }));
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

/** Four digits tell any two figures apart that a person would act on. */
export function figure(text: string | undefined): string | undefined {
  const value = number(text);
  return Number.isFinite(value) ? `${Number(value.toPrecision(4))}` : text;
}

function number(text: string | undefined): number {
  return text === undefined || text === '' ? NaN : Number(text);
}
