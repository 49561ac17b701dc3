// SPDX-License-Identifier: Apache-2.0
import { findCause } from '../causes/Cause';
import {
  CONDITION_REASONS,
  ECHO_ENDINGS,
  ECHO_REASONS,
  ECHO_TEXTS,
  WAITING_REASONS,
} from '../causes/conditionReasons';
import { imageCauses } from '../causes/imageCauses';
import { refusalCauses } from '../causes/refusalCauses';
import { schedulingCauses } from '../causes/schedulingCauses';
import { processCauses } from '../causes/processCauses';
import type { KserveEvidence, KserveState } from '../types';
import { kindOf, nameOf, textAt } from './fields';
import { findingOf, Rank, type Finding } from './Finding';
import {
  clean,
  firstWords,
  proof,
  quoteAt,
  quoteFields,
  titleOf,
} from './quote';
import type { Condition, Situation } from './Situation';

/** What stands within `Revision "x" failed with message: …` and `Container failed with: …`. */
function unwrap(message: string): { text: string; container: boolean } {
  const inner = message.split(' failed with message: ').at(-1) ?? message;
  const [, told] = inner.split('Container failed with: ');
  return { text: (told ?? inner).trim(), container: told !== undefined };
}

const isEmpty = (text: string) => text.replace(/[.\s]/g, '') === '';

/** A text of a condition that speaks of images, nodes, containers or refusals. */
function causeOf(text: string, container: boolean) {
  const lower = text.toLowerCase();
  if (lower.includes('image')) {
    const found = findCause(text, imageCauses);
    if (found) {
      return found;
    }
  }
  if (lower.includes('nodes are available')) {
    return findCause(text, schedulingCauses);
  }
  const refused = container ? undefined : findCause(text, refusalCauses);
  return refused ?? findCause(text, processCauses);
}

/** How a condition stands in its object. */
export function quoteCondition({ raw }: Condition): string {
  return quoteFields(raw, 'type', ['reason', 'severity', 'status']);
}

function evidenceOf(
  source: string,
  condition: Condition,
  quote: string,
): KserveEvidence[] {
  return [
    ...proof(`${source} · ${condition.type}`, quote),
    ...proof(`${source} · ${condition.type}`, quoteCondition(condition)),
  ];
}

/** What one condition that is not True says. */
export function toFinding(
  condition: Condition,
  about: { source: string; what: string; rank?: number; state?: KserveState },
): Finding {
  const { reason, message, status, type } = condition;
  const { text, container } = unwrap(message);
  const known = Object.hasOwn(CONDITION_REASONS, reason)
    ? { cause: CONDITION_REASONS[reason], position: 0 }
    : undefined;
  // What Gateway API and KServe name exactly needs no reading of its message.
  const vague = ['ContainerMissing', 'ProgressDeadlineExceeded'].includes(
    reason,
  );
  const found = known && !vague ? undefined : causeOf(text, container);
  const quote = found
    ? quoteAt(message, Math.max(0, message.indexOf(text)) + found.position)
    : firstWords(message);
  const evidence = evidenceOf(about.source, condition, quote);
  const echo =
    ECHO_REASONS.includes(reason) ||
    ECHO_ENDINGS.some(ending => reason.endsWith(ending));
  const waits = Object.hasOwn(WAITING_REASONS, reason)
    ? WAITING_REASONS[reason]
    : undefined;
  if (found && !isEmpty(text)) {
    const image = imageCauses.includes(found.cause);
    const what = image
      ? `${about.what}, as its image cannot be had`
      : about.what;
    return findingOf(what, found, quote, {
      evidence,
      next: '',
      rank: about.rank ?? Rank.reported,
    });
  }
  if (reason === 'RevisionFailed' && isEmpty(text)) {
    return {
      state: 'degraded',
      sentence: `${clean(message.split(' failed with message')[0])} failed to load, and the status gives no reason (its message is empty).`,
      evidence,
      next: 'Look at the pods, events and logs of that revision.',
      rank: Rank.echo + 8,
    };
  }
  if (waits !== undefined && !known) {
    return {
      state: about.state ?? 'progressing',
      sentence: `${about.what}: ${waits}.`,
      evidence,
      next: 'Wait.',
      rank: Rank.echo + (reason === 'MinimumReplicasUnavailable' ? 1 : 4),
    };
  }
  const told = message.includes(' failed with message: ') && !isEmpty(text);
  if (told && /^exit code \d+\.?$/.test(text)) {
    return {
      state: 'degraded',
      sentence: `${about.what}: its container ends with ${text.replace('.', '')}.`,
      evidence,
      next: 'Read the log of the container: kubectl logs --previous.',
      rank: Rank.exit - 1,
    };
  }
  if (ECHO_TEXTS.some(words => text.toLowerCase().includes(words))) {
    return findingOf(
      about.what,
      { cause: CONDITION_REASONS.ProgressDeadlineExceeded, position: 0 },
      firstWords(message),
      { evidence, next: '', rank: Rank.echo + 9 },
    );
  }
  if (known || told || (message && !echo && status === 'False')) {
    return findingOf(
      about.what,
      known,
      told ? quoteAt(message) : firstWords(message),
      {
        evidence,
        next: 'Read the message of the condition, and the objects that it names.',
        rank: about.rank ?? (told ? Rank.reported - 2 : Rank.condition),
      },
    );
  }
  return {
    state: status === 'False' ? (about.state ?? 'degraded') : 'progressing',
    sentence: message
      ? `${about.what}: ${clean(firstWords(message), 200).replace(/[.]$/, '')}.`
      : `${about.what}: ${clean(type)} is ${clean(status)}${reason ? ` (${clean(reason)})` : ''}.`,
    evidence,
    next: status === 'False' ? 'Look at the pods, events and logs.' : 'Wait.',
    rank:
      Rank.echo +
      (message ? 2 : 0) -
      (type === 'Ready' ? 4 : 0) -
      (status === 'False' ? 0 : 2),
  };
}

const COMPONENTS = ['Predictor', 'Transformer', 'Explainer'];

function aboutOf(situation: Situation, type: string): string {
  const component = COMPONENTS.find(name => type.startsWith(name));
  if (component) {
    return `The ${component.toLowerCase()} is not ready`;
  }
  return type.startsWith('Ingress') || type.startsWith('Route')
    ? 'The route is not ready'
    : `The ${situation.kind || 'service'} is not ready`;
}

/** KServe says itself that it is on its way. */
function isInProgress({ status }: Situation): boolean {
  return textAt(status, 'modelStatus', 'transitionStatus') === 'InProgress';
}

/** Conditions that are True in a bad way, or False in a good one. */
const NOT_OF_HEALTH = ['Stopped', 'CanaryReady', 'GroupDegraded'];

/** What the subject's own conditions say, as far as they are not True. */
export function conditionFindings(situation: Situation): Finding[] {
  return situation.conditions
    .filter(({ type, status }) =>
      type === 'GroupDegraded'
        ? status === 'True'
        : status !== 'True' && !NOT_OF_HEALTH.includes(type),
    )
    .map(condition =>
      toFinding(condition, {
        source: titleOf(situation.subject),
        what: aboutOf(situation, condition.type),
        ...(isInProgress(situation) && { state: 'progressing' as const }),
      }),
    );
}

/** `Revision x`, `HTTPRoute y`: how a sentence names an object. */
export function shortName(object: unknown): string {
  return clean(`${kindOf(object)} ${nameOf(object)}`);
}
