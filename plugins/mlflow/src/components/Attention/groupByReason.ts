// SPDX-License-Identifier: Apache-2.0
import type { MlflowAttention } from '@greenroom/plugin-mlflow-common';

export interface AttentionRow {
  attention: MlflowAttention;
  /** Named where rows of several models stand together. */
  model?: { title: string; url?: string };
}

type Reason = MlflowAttention['reason'];

const DANGERS: readonly Reason[] = [
  'gate-failed',
  'run-failed',
  'registration-failed',
];

/** So many rows with one reason are read one by one. */
const UNGROUPED = 3;

/** Whether a reason is a failure, not a doubt. */
export function isDanger(reason: Reason) {
  return DANGERS.includes(reason);
}

/** One row, or many of one reason. */
export type AttentionEntry =
  | { row: AttentionRow; rows?: undefined }
  | { reason: Reason; rows: AttentionRow[]; count: number; row?: undefined };

function getModel({ model }: AttentionRow) {
  return model?.url ?? model?.title;
}

/**
 * Puts rows with the same reason into one entry where there are more than three:
 * failures first, then by time, the newest first. `count` is that of the models.
 */
export function groupByReason(rows: readonly AttentionRow[]): AttentionEntry[] {
  const rank = ({ attention }: AttentionRow) =>
    isDanger(attention.reason) ? 0 : 1;
  const sorted = [...rows].sort(
    (a, b) =>
      rank(a) - rank(b) || (b.attention.since ?? 0) - (a.attention.since ?? 0),
  );
  const groups = new Map<Reason, AttentionRow[]>();
  for (const row of sorted) {
    const { reason } = row.attention;
    groups.set(reason, [...(groups.get(reason) ?? []), row]);
  }
  const grouped = new Set<Reason>();
  return sorted.flatMap((row): AttentionEntry[] => {
    const { reason } = row.attention;
    const group = groups.get(reason) ?? [];
    if (group.length <= UNGROUPED) {
      return [{ row }];
    }
    if (grouped.has(reason)) {
      return [];
    }
    grouped.add(reason);
    const count = new Set(group.map(getModel)).size;
    return [{ reason, rows: group, count }];
  });
}
