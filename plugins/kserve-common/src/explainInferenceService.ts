// SPDX-License-Identifier: Apache-2.0
import { autoscalingFindings } from './explain/autoscalingFindings';
import { canaryFindings } from './explain/canaryFindings';
import { contradictionFindings } from './explain/contradictionFindings';
import { conditionFindings, quoteCondition } from './explain/conditionFindings';
import { controllerLogFindings, eventFindings } from './explain/eventFindings';
import type { Finding } from './explain/Finding';
import {
  deletionFindings,
  staleFindings,
  stopFindings,
} from './explain/lifecycleFindings';
import { modelStatusFindings } from './explain/modelStatusFindings';
import { nodeFindings } from './explain/nodeFindings';
import { podFindings } from './explain/podFindings';
import { firstWords, proof, titleOf } from './explain/quote';
import {
  graphFindings,
  olderRevision,
  readyFindings,
} from './explain/readyFindings';
import { routeFindings } from './explain/routeFindings';
import {
  createSituation,
  type Condition,
  type Situation,
} from './explain/Situation';
import { readTraffic } from './explain/traffic';
import { workloadFindings } from './explain/workloadFindings';
import type {
  KserveEvidence,
  KserveExplanation,
  KubernetesObject,
} from './types';

/**
 * What is known of an inference service: the objects of its namespace as far
 * as they are known, and its logs.
 *
 * @public
 */
export interface KserveMaterial {
  objects: readonly KubernetesObject[];
  subject: { namespace: string; name: string };
  /** Text by `POD_CONTAINER`. */
  logs?: Readonly<Record<string, string>>;
  /** ms since 1970. */
  now: number;
}

const READERS: ReadonlyArray<(situation: Situation) => Finding[]> = [
  deletionFindings,
  stopFindings,
  podFindings,
  nodeFindings,
  eventFindings,
  controllerLogFindings,
  modelStatusFindings,
  workloadFindings,
  contradictionFindings,
  routeFindings,
  canaryFindings,
  graphFindings,
  autoscalingFindings,
  conditionFindings,
  staleFindings,
  readyFindings,
];

/** How little a condition says: nothing, or that something else is missing. */
function weightOf({ type, reason, message }: Condition): number {
  const says = reason || message ? 0 : 4;
  const echo = type === 'Ready' ? 1 : 0;
  return (
    says +
    echo +
    (reason.endsWith('ingress not created') && type !== 'Ready' ? 2 : 0)
  );
}

/** The conditions of the subject that say why it is not Ready, the most telling first. */
function conditionEvidence({
  conditions,
  subject,
}: Situation): KserveEvidence[] {
  return conditions
    .filter(
      ({ type, status, severity }) =>
        status !== 'True' && severity !== 'Info' && type.endsWith('Ready'),
    )
    .sort((one, other) => weightOf(one) - weightOf(other))
    .flatMap(condition =>
      proof(
        `${titleOf(subject)} · ${condition.type}`,
        quoteCondition(condition) || firstWords(condition.message),
      ),
    );
}

const MOST_REASONS = 6;
const MOST_EVIDENCE = 6;

/** Each key once, where it comes first. */
function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter(item => !seen.has(key(item)) && seen.add(key(item)));
}

/**
 * Says how an inference service is and why, from objects and logs alone. Every
 * field may be missing or of another type. Each quote stands in the material.
 *
 * @public
 */
export function explainInferenceService(
  material: KserveMaterial,
): KserveExplanation {
  const situation = createSituation(material);
  if (!situation.kind) {
    return {
      state: 'unknown',
      sentence:
        'Nothing is known of it: the cluster has no such inference service.',
      reasons: [],
      evidence: [],
      next: '',
      traffic: null,
    };
  }
  const findings = READERS.flatMap(read => read(situation)).sort(
    (one, other) => other.rank - one.rank,
  );
  const [top] = findings;
  const older =
    top.state === 'ready' || top.state === 'stopped'
      ? undefined
      : olderRevision(situation);
  const sentence = older
    ? `${top.sentence.replace(/\.$/, '')}; meanwhile ${older.words}`
    : top.sentence;
  const [first, second, ...rest] = top.evidence;
  const conditions = conditionEvidence(situation);
  const own =
    top.state === 'progressing'
      ? [first, ...conditions, second, ...rest]
      : [first, second, ...conditions, ...rest];
  return {
    state: top.state,
    sentence,
    reasons: unique(
      [
        sentence,
        ...findings
          .slice(1)
          // What the condition Ready says of requests is no reason against itself.
          .filter(({ state }) => state !== 'ready' || top.state === 'ready')
          .map(one => one.sentence),
      ],
      reason => reason,
    ).slice(0, MOST_REASONS),
    evidence: unique(
      [
        ...own.filter(Boolean),
        ...(older?.evidence ?? []),
        ...findings.flatMap(({ evidence }) => evidence),
      ],
      ({ quote }) => quote,
    ).slice(0, MOST_EVIDENCE),
    next: top.next,
    traffic: readTraffic(situation),
  };
}
