// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import {
  mainContainer,
  measuredAs,
  memoryOf,
  ownRollouts,
} from '../causes/helpers';
import type { Candidate } from '../causes/types';
import { bytes } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { at, isJson, textAt } from '../read/json';

type Excluded = NonNullable<TriageReport['excluded']>;

/** What a reader may take for the cause, and the figure that speaks against it. */
export function excludedByAlert(
  situation: Situation,
  cause: Candidate | undefined,
): Excluded {
  const { containers, metrics, objects, subject } = situation;
  const container = mainContainer(situation);
  const memory = memoryOf(situation, container);
  const limit = container?.memoryLimit;
  const share = memory && limit ? memory.trend.peak / limit : undefined;
  const isMemory = cause?.type === 'out-of-memory';
  const { exitCode, reason } = container?.terminated ?? {};
  const traffic = measuredAs(situation, 'traffic').filter(
    each => !each.isOfAlert,
  );
  const nodes = objects.filter(
    each => each.kind === 'Node' && subject.nodes.has(each.name),
  );
  const pressed = nodes.some(node => {
    const conditions = at(node.raw, 'status', 'conditions');
    return (
      Array.isArray(conditions) &&
      conditions.some(
        each =>
          isJson(each) &&
          textAt(each, 'type')?.endsWith('Pressure') &&
          each.status === 'True',
      )
    );
  });
  const excluded: Excluded = [];
  if (!isMemory && exitCode === 137 && reason !== 'OOMKilled') {
    excluded.push({
      cause: 'Out of memory',
      reason: `Exit code 137 is a SIGKILL, and the status says ${reason ?? 'no reason'}, not OOMKilled${share === undefined ? '' : `; memory was at most ${Math.round(100 * share)} % of the limit`}.`,
    });
  } else if (
    !isMemory &&
    share !== undefined &&
    share < 0.85 &&
    reason !== 'OOMKilled'
  ) {
    excluded.push({
      cause: 'Out of memory',
      reason: `Memory was at most ${bytes(memory?.trend.peak ?? 0)}, ${Math.round(100 * share)} % of the limit, and nothing was OOMKilled.`,
    });
  }
  if (
    traffic.length > 0 &&
    traffic.every(({ trend }) => trend.shape === 'flat')
  ) {
    excluded.push({
      cause: 'More traffic',
      reason: 'The rate of requests is as it was before.',
    });
  }
  if (
    objects.some(({ kind }) => kind === 'ReplicaSet' || kind === 'Revision') &&
    ownRollouts(situation).length === 0
  ) {
    excluded.push({
      cause: 'A rollout',
      reason: 'No revision of the workload is younger than a day.',
    });
  }
  const mine = containers.filter(({ isOfSubject }) => isOfSubject);
  if (
    mine.length > 0 &&
    mine.every(({ restarts, waiting }) => restarts === 0 && !waiting)
  ) {
    excluded.push({
      cause: 'Crashes',
      reason: 'No container of it has restarted.',
    });
  }
  if (nodes.length > 0 && !pressed) {
    excluded.push({
      cause: 'Pressure on the node',
      reason: 'The node reports no pressure of memory, disk or processes.',
    });
  }
  return metrics.length + objects.length > 0 ? excluded.slice(0, 6) : [];
}
