// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';
import { ellipsis } from '../../text/cutText';
import { oneLine } from '../../text/oneLine';
import { messageOf } from '../facts/messageOf';
import { duration } from '../facts/quantity';
import type {
  Container,
  KubeEvent,
  LineGroup,
  Measured,
  MeasuredKind,
  Rollout,
  Situation,
} from '../facts/types';
import { listAt } from '../read/json';
import type { ContainerLog, TimedLine } from '../read/readLogs';

const MAX_QUOTE = 500;
/** An event that is less near says nothing of the alert. */
const NEAR = 0.5;

/** A traceback in one line of JSON tells at its end what failed. */
const quoteOf = (text: string) =>
  text.length > MAX_QUOTE && /^[^{]{0,80}\{"/.test(text) && text.includes('\\n')
    ? text.slice(-MAX_QUOTE)
    : ellipsis(text, MAX_QUOTE);

/** A line of a log as evidence. */
export const lineEvidence = (
  { source }: ContainerLog,
  { number, text }: TimedLine,
): Evidence => ({
  source,
  line: number,
  quote: quoteOf(oneLine(text).trim()),
});

/** Both ends of a text: what wraps an error stands before it, the cause at its end. */
function bothEnds(text: string, max: number): string {
  const head = Math.floor(max * 0.65);
  return text.length <= max
    ? text
    : `${text.slice(0, head)}… …${text.slice(text.length - (max - head - 3))}`;
}

/** A text in quotes, for a sentence. */
export const quoted = (text: string, max = 200) =>
  `"${bothEnds(oneLine(messageOf(text)).replaceAll('"', '\u2019').trim(), max)}"`;

/** Evidence without what is said twice. */
export function distinct(evidence: Evidence[]): Evidence[] {
  const seen = new Set<string>();
  return evidence.filter(({ source, line }) => {
    const key = `${line} ${source}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Groups of lines that match, those of the subject first, then by time. */
export function linesLike(
  { groups }: Situation,
  pattern: RegExp,
  filter: (group: LineGroup) => boolean = () => true,
): LineGroup[] {
  return groups
    .filter(group => filter(group) && pattern.test(group.line.text))
    .sort((a, b) => Number(b.isOfSubject) - Number(a.isOfSubject));
}

/** Events near the alert whose reason, or message, matches. */
export function eventsLike(
  { events }: Situation,
  pattern: RegExp,
  least: number = NEAR,
): KubeEvent[] {
  return events.filter(
    ({ reason, message, relevance }) =>
      relevance >= least && pattern.test(`${reason}: ${message}`),
  );
}

/** Series of a kind, those of the alert's subject as they come. */
export const measuredAs = ({ metrics }: Situation, ...kinds: MeasuredKind[]) =>
  metrics.filter(({ kind }) => kinds.includes(kind));

/** The memory of one container, as it was measured. */
export function memoryOf(
  situation: Situation,
  container: Container | undefined,
): Measured | undefined {
  return measuredAs(situation, 'memory').find(
    ({ labels, expression }) =>
      !expression.includes('/') &&
      (labels.pod === undefined || labels.pod === container?.pod.name) &&
      (labels.container === undefined || labels.container === container?.name),
  );
}

/** Rollouts with a difference of what the alert is about. */
export const ownRollouts = ({ rollouts }: Situation) =>
  rollouts.filter(
    ({ isOfSubject, differences }) => isOfSubject && differences.length > 0,
  );

/** As people write them: twelve digits of a digest, seven of a commit. */
const shortHashes = (value: string) =>
  value
    .replace(/(@sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1')
    .replace(/^([0-9a-f]{7})[0-9a-f]{33}$/, '$1');

const short = (value: string | undefined) =>
  value === undefined ? '(none)' : ellipsis(shortHashes(oneLine(value)), 90);

/** `image registry/x:1.30 → registry/x:1.31` */
export const describeChange = ({
  name,
  before,
  after,
}: Rollout['differences'][number]) =>
  `${oneLine(name)} ${short(before)} → ${short(after)}`;

/** "Rolled out 19 min before (revision 41): image … → …" */
export function rolloutSentence(
  rollout: Rollout,
  { start }: Situation,
): string {
  const changes = rollout.differences.slice(0, 3).map(describeChange);
  return `The rollout of ${rollout.of.name}${rollout.to ? ` (revision ${rollout.to})` : ''} ${duration(start - rollout.at)} before the alert changed ${changes.join('; ')}`;
}

/** The container that an alert is about, or that ended worst. */
export function mainContainer({
  containers,
}: Situation): Container | undefined {
  const [first] = containers;
  const ended = containers.find(
    each => each.isOfSubject && (each.terminated ?? each.waiting),
  );
  return first?.terminated || first?.waiting ? first : (ended ?? first);
}

/** Logs of one container, that of the run which ended first. */
export const logsOf = ({ logs }: Situation, container: Container | undefined) =>
  logs
    .filter(
      each =>
        each.pod === container?.pod.name && each.container === container.name,
    )
    .sort((a, b) => Number(b.previous) - Number(a.previous));

/** Where a label of an object is its line. */
export const objectLine = (
  { document, objects }: Situation,
  kind: string,
  name: string | undefined,
  ...words: string[]
): Evidence[] =>
  document.find(
    objects.find(each => each.kind === kind && each.name === name),
    ...words,
  );

/** Whether a pod of that name is ready now, whatever was told of it before. */
export const isReadyPod = (
  { objects }: Pick<Situation, 'objects'>,
  name: string,
): boolean =>
  objects.some(
    each =>
      each.kind === 'Pod' &&
      each.name === name &&
      listAt(each.raw, 'status', 'conditions').some(
        ({ type, status }) => type === 'Ready' && status === 'True',
      ),
  );

/** Whether all pods that the alert is about are ready. */
export const isWell = (situation: Situation): boolean =>
  situation.subject.pods.every(({ name }) => isReadyPod(situation, name));

/**
 * Whether more replicas would have helped. Where there is no metrics-server, an autoscaler says all day
 * long that it gets no metrics, whatever the alert is about.
 */
export const isAboutScaling = (situation: Situation): boolean =>
  /autoscal|hpa|replica/i.test(situation.text) ||
  measuredAs(situation, 'traffic', 'queue').some(
    ({ trend }) => trend.direction === 'up',
  );
