// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Rollout, Situation } from '../facts/types';
import { nameOf } from '../read/describeObject';
import type { KubeObject } from '../read/readObjects';
import { quoted, rolloutSentence } from './helpers';
import type { Sign } from './types';

const SOON = 3 * 3600_000;
const MOST = 2;
const MOST_SETTINGS = 6;
const TIME =
  /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)/;
/** What machines write to themselves. */
const MACHINES =
  /last-applied-configuration|\/leader$|^deployment\.kubernetes\.io|^autoscaling\.|checksum|^pv\.|^volume\.|refreshed-at|heartbeat/;
/** What these are said to be changes with what they run. */
const RUNNING = new Set(['Event', 'Node', 'Pod', 'ReplicaSet', 'Lease']);

/** Lines of an object that are its settings, not its metadata. */
function settingsOf({ document }: Situation, object: KubeObject) {
  return document
    .numbersOf(object)
    .map(number => ({ number, text: document.lines[number - 1] }))
    .filter(({ text }) => !/ (?:status|metadata\.(?:owner|annot))/.test(text))
    .map(({ number, text }) => ({
      evidence: { source: 'objects', line: number, quote: text },
      words: text.slice(nameOf(object).length).trim(),
    }));
}

const isNear = (
  { subject }: Situation,
  { kind, name, namespace }: KubeObject,
) =>
  namespace === subject.namespace ||
  (kind === 'Namespace' && name === subject.namespace);

/** Settings that somebody wrote before the alert, with what they say now. */
function writtenSettings(situation: Situation, settings: Rollout[]): Sign[] {
  return settings
    .filter(({ of }) => isNear(situation, of))
    .slice(0, MOST)
    .flatMap(({ at, of }) => {
      const found = settingsOf(situation, of);
      const data = found.filter(({ words }) => words.startsWith('data:'));
      const told = (data.length > 0 ? data : found).slice(0, MOST_SETTINGS);
      return told.length === 0
        ? []
        : [
            {
              score: 2.6,
              statement: `${nameOf(of)} was written ${duration(situation.start - at)} before the alert: ${quoted(told.map(({ words }) => words.replace(/^data: /, '')).join(', '), 400)}.`,
              evidence: told.map(({ evidence }) => evidence),
              step: `Look at what changed in ${nameOf(of)}, and take it back if it can have this effect.`,
            },
          ];
    });
}

/** What people or their tools noted on an object of a change before the alert. */
function notes(situation: Situation): Sign[] {
  const { document, objects, start } = situation;
  return objects
    .filter(each => !RUNNING.has(each.kind) && isNear(situation, each))
    .flatMap(each =>
      Object.entries(each.annotations).flatMap(([key, value]) => {
        const time = Date.parse(TIME.exec(value.slice(0, 400))?.[0] ?? '');
        return MACHINES.test(key) ||
          /^[[{]/.test(value) ||
          !(time <= start && time > start - SOON)
          ? []
          : [
              {
                score: 2.7,
                statement: `${nameOf(each)} was changed ${duration(start - time)} before the alert: ${quoted(value, 300)}.`,
                evidence: document.find(each, 'annotations', key),
                step: `Look at this change of ${nameOf(each)}, and take it back if it can have this effect.`,
              },
            ];
      }),
    )
    .slice(0, MOST);
}

/** What changed before an alert: rollouts, settings that were written, and notes of changes. */
export function changeSigns(situation: Situation): Sign[] {
  const recent = situation.rollouts.filter(
    ({ at }) => situation.start - at < SOON,
  );
  return [
    ...recent
      .filter(({ differences }) => differences.length > 0)
      .slice(0, MOST)
      .map(rollout => ({
        score: rollout.isOfSubject ? 2.4 : 1.6,
        statement: `${rolloutSentence(rollout, situation)}.`,
        evidence: rollout.evidence,
        step: `Compare with the revision before; roll ${rollout.of.name} back if what it changed can have this effect.`,
      })),
    ...writtenSettings(
      situation,
      recent.filter(({ differences, to }) => differences.length === 0 && !to),
    ),
    ...notes(situation),
  ];
}
