// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../facts/types';
import { at, isJson, listAt, numberAt, textAt } from '../read/json';
import { distinct, eventsLike, lineEvidence } from './helpers';
import type { Candidate } from './types';

/** Proxies and agents that are put beside a program and do not end with it. */
const SIDECAR =
  /istio-proxy|linkerd-proxy|envoy|consul|cloud-?sql|vault-agent|kuma-sidecar|fluent|proxy/i;

/** A job whose program is done, and whose pod is not. */
export function sidecarCauses(situation: Situation): Candidate[] {
  const { document, logs, objects } = situation;
  for (const pod of objects.filter(
    ({ kind, owner }) => kind === 'Pod' && owner?.kind === 'Job',
  )) {
    const states = listAt(pod.raw, 'status', 'containerStatuses');
    const done = states.find(
      each => numberAt(each, 'state', 'terminated', 'exitCode') === 0,
    );
    const left = states.find(
      each =>
        isJson(at(each, 'state', 'running')) &&
        SIDECAR.test(textAt(each, 'name') ?? ''),
    );
    if (!done || !left) {
      continue;
    }
    const program = textAt(done, 'name') ?? '';
    const sidecar = textAt(left, 'name') ?? '';
    const log = logs.find(
      each => each.pod === pod.name && each.container === program,
    );
    const last = log?.lines.at(-1);
    const waiting = eventsLike(
      situation,
      /prior execution is running|DeadlineExceeded/,
      0,
    );
    return [
      {
        rule: 'sidecar-outlives-job',
        type: 'configuration',
        score: 9,
        isProven: true,
        statement: `The job is done, but its pod is not: the container ${program} has completed (exit code 0), while the sidecar ${sidecar} keeps running, so that the pod ${pod.name} and its Job never complete${waiting.length > 0 ? ' and the next run is not started' : ''}.`,
        evidence: distinct([
          ...waiting.slice(0, 1).map(({ evidence }) => evidence),
          ...document.find(pod, `[${program}]`, 'exitCode=0'),
          ...(log && last ? [lineEvidence(log, last)] : []),
          ...document.find(pod, `[${sidecar}]`, 'running'),
        ]),
        steps: [
          `Keep ${sidecar} out of pods of jobs (sidecar.istio.io/inject: "false"), run it as a native sidecar (an init container with restartPolicy Always), or let the job end it (istio: POST /quitquitquit); delete the pod that is left.`,
        ],
      },
    ];
  }
  return [];
}
