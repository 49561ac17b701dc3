// SPDX-License-Identifier: Apache-2.0
import { duration, figure } from '../facts/quantity';
import type { Measured, Situation } from '../facts/types';
import { textAt } from '../read/json';
import { distinct } from './helpers';
import type { Candidate } from './types';

const LABELS = ['node', 'instance', 'Hostname', 'kubernetes_node', 'nodename'];
const OF_NODE =
  /node_cpu|node_load|node_pressure|node_memory|cpu_util|iowait|node_disk/;
const FULL = 0.9;

const nodeOf = ({ labels }: Measured) =>
  LABELS.map(label => labels[label])
    .find(Boolean)
    ?.replace(/:\d{1,5}$/, '');

/** As a share, whether it is told as one or in per cent. */
const shareOf = (value: number) => (value > 1.5 ? value / 100 : value);

/** What of the node is used up. */
function resourceOf({ expression }: Measured): string {
  if (/disk|iowait/.test(expression)) {
    return 'disk (I/O)';
  }
  return /memory/.test(expression) ? 'memory' : 'CPU';
}

/** The node of the pod has nothing left for it. */
export function busyNodeCauses(situation: Situation): Candidate[] {
  const { metrics, subject, objects, onset, start, document } = situation;
  const ofNodes = metrics.filter(
    each => OF_NODE.test(each.expression) && nodeOf(each) !== undefined,
  );
  const busy = ofNodes.find(
    each =>
      subject.nodes.has(nodeOf(each) ?? '') &&
      each.trend.direction === 'up' &&
      (each.trend.changedAt ?? Infinity) <= onset + 2 * 60_000 &&
      shareOf(each.trend.after) >= FULL &&
      each.trend.after <= 100,
  );
  if (!busy) {
    return [];
  }
  const node = nodeOf(busy);
  const others = ofNodes.filter(
    each => nodeOf(each) !== node && shareOf(each.trend.after) < FULL,
  );
  const pods = objects.filter(
    ({ kind, raw }) =>
      kind === 'Pod' && textAt(raw, 'spec', 'nodeName') === node,
  );
  const since = busy.trend.changedAt ?? onset;
  const came = pods.filter(
    ({ createdAt, name }) =>
      createdAt !== undefined &&
      name !== subject.pod &&
      Math.abs(createdAt - since) < 30 * 60_000,
  );
  return [
    {
      rule: 'busy-node',
      type: 'infrastructure',
      score: 6.2 + (others.length > 0 ? 0.5 : 0),
      isProven: true,
      statement: `The ${resourceOf(busy)} of the node ${node} is busy, used up: ${figure(busy.trend.before)} → ${figure(busy.trend.after)} since ${duration(start - since)} before the alert${others.length > 0 ? `, while other nodes have room (${figure(others[0].trend.after)})` : ''}; ${pods.length} of the pods shown share it${
        came.length > 0
          ? `, and ${came
              .map(({ name }) => name)
              .slice(0, 3)
              .join(', ')} came to it then`
          : ''
      }, so that each gets less than it needs and waits.`,
      evidence: distinct([
        busy.evidence,
        ...others.slice(0, 1).map(({ evidence }) => evidence),
        ...document.find(came[0], 'nodeName='),
      ]),
      steps: [
        'Spread the pods over nodes (topologySpreadConstraints, anti-affinity), and set CPU requests to what they use, so that the scheduler leaves room; move the busiest pod now.',
      ],
    },
  ];
}
