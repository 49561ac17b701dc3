// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { at, isJson, listAt, textAt, timeAt } from '../read/json';
import type { KubeObject } from '../read/readObjects';
import { distinct } from './helpers';
import type { Candidate } from './types';

const isNamed = ({ subject }: Situation, { name, namespace }: KubeObject) =>
  subject.names.includes(name) &&
  (!subject.namespace || !namespace || namespace === subject.namespace);

/** When somebody last wrote an object that its own controller does not write. */
function writtenBefore({ raw }: KubeObject, start: number): string {
  const times = listAt(raw, 'metadata', 'managedFields')
    .filter(each => each.subresource !== 'status')
    .flatMap(each => timeAt(each, 'time') ?? []);
  const last = Math.max(0, ...times);
  return last > 0 && last <= start
    ? `, written ${duration(start - last)} before the alert`
    : '';
}

/** A Service whose selector no pod has. */
function selectsNothing(situation: Situation): Candidate[] {
  const { objects, document, start } = situation;
  return objects
    .filter(each => each.kind === 'Service' && isNamed(situation, each))
    .flatMap((service): Candidate[] => {
      const selector = at(service.raw, 'spec', 'selector');
      const pods = objects.filter(
        ({ kind, namespace }) =>
          kind === 'Pod' && namespace === service.namespace,
      );
      const wanted = Object.entries(isJson(selector) ? selector : {});
      const missing = wanted.filter(
        ([key, value]) => !pods.some(({ labels }) => labels[key] === value),
      );
      const near = pods.find(({ labels }) =>
        wanted.some(([key, value]) => labels[key] === value),
      );
      if (missing.length === 0 || !near) {
        return [];
      }
      const [key, value] = missing[0];
      return [
        {
          rule: 'service-selects-nothing',
          type: 'configuration',
          score: 8.5,
          isProven: true,
          statement: `The selector of the Service ${service.name}${writtenBefore(service, start)} asks for the label ${key}=${String(value)}, which no pod has (${near.name}: ${key}=${near.labels[key] ?? '(none)'}), so that it has no endpoints, while the pods themselves run.`,
          evidence: distinct([
            ...document.find(service, 'spec.selector'),
            ...document.find(near, 'metadata.labels'),
            ...objects
              .filter(
                each =>
                  /^Endpoint/.test(each.kind) &&
                  each.name.startsWith(service.name),
              )
              .flatMap(each => document.find(each)),
          ]),
          steps: [
            `Set the selector of the Service to the labels that the pods have, or give the pods the label ${key}=${String(value)}.`,
          ],
        },
      ];
    });
}

/** A job that is not started, or a rollout that does not go on, since somebody said so. */
function halted(situation: Situation): Candidate[] {
  const { objects, document, start } = situation;
  return objects
    .filter(each => isNamed(situation, each))
    .flatMap((object): Candidate[] => {
      const { kind, name, raw } = object;
      const isSuspended = at(raw, 'spec', 'suspend') === true;
      const isPaused = at(raw, 'spec', 'paused') === true;
      if (!isSuspended && !isPaused) {
        return [];
      }
      const field = isSuspended ? 'suspend' : 'paused';
      return [
        {
          rule: `halted-${field}`,
          type: 'configuration',
          score: 7.5,
          isProven: true,
          statement: `The ${kind} ${name} is ${isSuspended ? 'suspended' : 'paused'} (spec.${field} is true${writtenBefore(object, start)}), so that ${isSuspended ? 'nothing of it is started' : 'its rollout does not go on'} until it is resumed.`,
          evidence: distinct([
            ...document.find(object, `${field}=true`),
            ...document.find(object, 'is paused'),
          ]),
          steps: [
            `Resume ${name} (spec.${field}: false), and look who ${isSuspended ? 'suspended' : 'paused'} it and why.`,
          ],
        },
      ];
    });
}

/** A workload that a GitOps tool took away. */
function pruned(situation: Situation): Candidate[] {
  const { objects, document, start, events } = situation;
  return objects
    .filter(({ kind }) => kind === 'Application' || kind === 'Kustomization')
    .flatMap((app): Candidate[] => {
      const gone = listAt(
        app.raw,
        'status',
        'operationState',
        'syncResult',
        'resources',
      ).filter(
        each =>
          each.status === 'Pruned' &&
          situation.subject.names.includes(textAt(each, 'name') ?? ''),
      );
      const ended = timeAt(app.raw, 'status', 'operationState', 'finishedAt');
      const revision = textAt(app.raw, 'status', 'sync', 'revision');
      if (gone.length === 0) {
        return [];
      }
      const sync = events.find(({ involved }) => involved.name === app.name);
      return [
        {
          rule: 'pruned',
          type: 'configuration',
          score: 9,
          isProven: true,
          statement: `Argo CD pruned (deleted) ${gone.map(each => `${textAt(each, 'kind')} ${textAt(each, 'name')}`).join(' and ')} in the sync of ${app.name}${revision ? ` to ${revision}` : ''}${ended === undefined ? '' : ` ${duration(start - ended)} before the alert`}, since they are no longer in Git: nothing of it runs any more.`,
          evidence: distinct([
            ...document.find(app, 'status=Pruned'),
            ...(sync ? [sync.evidence] : []),
            ...document.find(app, 'operationState:'),
          ]),
          steps: [
            'Revert the commit that took them out of Git, and sync; annotate what must not be deleted with Prune=false.',
          ],
        },
      ];
    });
}

const STUCK = 10 * 60_000;

/** Pods that are to go and do not. */
function stuckTerminating(situation: Situation): Candidate[] {
  const { subject, start, document } = situation;
  const pod = subject.pods.find(({ raw }) => {
    const since = timeAt(raw, 'metadata', 'deletionTimestamp');
    return since !== undefined && start - since > STUCK;
  });
  const finalizers = pod && at(pod.raw, 'metadata', 'finalizers');
  return pod && /terminat|delet|ready|stuck/i.test(situation.text)
    ? [
        {
          rule: 'stuck-terminating',
          type: 'infrastructure',
          score: 6.5,
          isProven: true,
          statement: `The pod ${pod.name} is to be deleted since ${duration(start - (timeAt(pod.raw, 'metadata', 'deletionTimestamp') ?? start))} and is still there${Array.isArray(finalizers) ? ` (finalizers ${finalizers.join(', ')})` : ': its node does not answer, or its process does not end'}.`,
          evidence: distinct([
            ...document.find(pod, 'deletionTimestamp='),
            ...document.find(pod, 'finalizers'),
          ]),
          steps: [
            'Look whether its node is ready and who owns the finalizer; only then delete it by force.',
          ],
        },
      ]
    : [];
}

/** What objects say by themselves, without any line or event. */
export const factCauses = (situation: Situation): Candidate[] => [
  ...selectsNothing(situation),
  ...halted(situation),
  ...pruned(situation),
  ...stuckTerminating(situation),
];
