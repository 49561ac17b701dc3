// SPDX-License-Identifier: Apache-2.0
import { findCause, type Cause } from '../causes/Cause';
import { kubeletCauses } from '../causes/kubeletCauses';
import { loadFailures, processCauses } from '../causes/processCauses';
import { podEvents, sourceOf, type ContainerOf } from './ContainerOf';
import { endedFinding } from './endedFinding';
import {
  at,
  fieldsOf,
  listAt,
  nameOf,
  numberAt,
  textAt,
  type Fields,
} from './fields';
import { findingOf, Rank, type Finding } from './Finding';
import { imageFinding } from './imageFinding';
import { findDecisiveLine } from './logLines';
import { componentOf } from './pods';
import { clean, firstWords, proof, quoteAt, quoteFields } from './quote';
import type { Situation } from './Situation';

const IMAGE_REASONS = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
];
const CREATE_REASONS = [
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
];
/** Containers that stand beside the model: their trouble is mostly its echo. */
const SIDECARS = [
  'queue-proxy',
  'istio-proxy',
  'istio-init',
  'linkerd-proxy',
  'kube-rbac-proxy',
];

/** Answers of a server that is there and will not change its mind by itself. */
const REFUSALS = [
  'statuscode: 401',
  'statuscode: 403',
  'statuscode: 404',
  'statuscode: 405',
];
/** A server whose routes are not there yet says the same for a moment. */
const REFUSED_OFTEN = 3;

/** Whether the end of a log speaks of an error, or says the same again and again: then it does not get further by itself. */
function isInsistent(
  lines: readonly string[],
  { cause }: { cause: Cause },
): boolean {
  const lower = lines.map(line => line.toLowerCase());
  const repeated = lower.filter(line =>
    cause.any.some(words => line.includes(words)),
  );
  return (
    repeated.length > 1 ||
    lower.some(line => loadFailures.some(words => line.includes(words))) ||
    findDecisiveLine(lines) !== undefined
  );
}

/** It runs and is not ready: it loads, or it cannot. */
function runningFinding(container: ContainerOf, init: boolean): Finding {
  const { situation, pod, status, what } = container;
  const log = situation.logs.find(
    ({ pod: name, container: of }) =>
      name === nameOf(pod) && of === textAt(status, 'name'),
  );
  const failed = log && findCause(log.text, processCauses);
  const told = failed && isInsistent(log.lines.slice(-40), failed);
  if (told) {
    const quote = quoteAt(log.text, failed.position);
    return findingOf(`${what} runs, but cannot do its work`, failed, quote, {
      evidence: proof(sourceOf(container, ' log'), quote),
      next: '',
      rank: Rank.cause - 5,
    });
  }
  const [probe] = podEvents(container, 'Unhealthy');
  const restarts = numberAt(status, 'restartCount') ?? 0;
  const running = quoteFields(
    fieldsOf(at(status, 'state', 'running')),
    'startedAt',
  );
  const refused = probe && REFUSALS.find(code => probe.message.includes(code));
  if (refused && probe.count >= REFUSED_OFTEN) {
    const quote = firstWords(probe.message);
    return {
      state: 'degraded',
      sentence: `${what} runs, and answers its ${probe.message.split(' ')[0].toLocaleLowerCase('en-US')} probe with ${refused.slice(-3)}: the server does not know what the probe asks for, or refuses it.`,
      evidence: proof(`Event ${probe.object}`, quote),
      next: 'Give the probe a path that the server answers (v2: /v2/health/ready), and the credentials that it asks for.',
      rank: Rank.exit,
    };
  }
  if (probe && (restarts > 2 || probe.count > 60)) {
    const quote = firstWords(probe.message);
    return findingOf(
      `${what} runs, but does not become ready`,
      undefined,
      quote,
      {
        evidence: proof(`Event ${probe.object}`, quote),
        next: 'See in its log why it does not answer its probe.',
        rank: Rank.exit,
      },
    );
  }
  return {
    state: 'progressing',
    sentence: init
      ? `${what} is running: the model is being fetched.`
      : `${what} is starting: the model is being loaded, and its container is not ready yet.`,
    evidence: [
      ...proof(sourceOf(container), running),
      ...proof(`Event ${probe?.object}`, firstWords(probe?.message ?? '')),
    ],
    next: 'Wait.',
    rank: Rank.progress,
  };
}

function findingsOf(container: ContainerOf, init: boolean): Finding[] {
  const { status, what } = container;
  const waiting = fieldsOf(at(status, 'state', 'waiting'));
  const reason = textAt(waiting, 'reason');
  if (IMAGE_REASONS.includes(reason)) {
    return [imageFinding(container)];
  }
  if (CREATE_REASONS.includes(reason)) {
    const message =
      textAt(waiting, 'message') ||
      (podEvents(container, 'Failed')[0]?.message ?? '');
    const found = findCause(message, kubeletCauses);
    const quote = found
      ? quoteAt(message, found.position)
      : firstWords(message);
    return [
      findingOf(`${what} cannot be started`, found, quote, {
        evidence: [
          ...proof(sourceOf(container), quote),
          ...proof(sourceOf(container), quoteFields(waiting, 'reason')),
        ],
        next: 'Read what the kubelet says (kubectl describe pod).',
        rank: Rank.cause,
      }),
    ];
  }
  const ended = fieldsOf(
    at(status, 'state', 'terminated') ?? at(status, 'lastState', 'terminated'),
  );
  const code = numberAt(ended, 'exitCode');
  const crashed =
    reason === 'CrashLoopBackOff' || (code !== undefined && code !== 0);
  if (crashed) {
    return [endedFinding(container, ended)];
  }
  // Beside a model that is not ready a sidecar says nothing of its own.
  const isSidecar =
    SIDECARS.includes(textAt(status, 'name')) &&
    listAt(container.pod, 'status', 'containerStatuses').some(
      other =>
        other.ready !== true && !SIDECARS.includes(textAt(other, 'name')),
    );
  if (at(status, 'state', 'running') !== undefined && !isSidecar) {
    return [runningFinding(container, init)];
  }
  if (reason === 'ContainerCreating' && !isSidecar) {
    const [event] = [
      ...podEvents(container, 'Pulling'),
      ...podEvents(container, 'Scheduled'),
    ];
    return [
      {
        state: 'progressing',
        sentence:
          event?.reason === 'Pulling'
            ? `${what} is starting: its image is being pulled.`
            : `${what} is starting: its image and volumes are being made ready.`,
        evidence: [
          ...proof(`Event ${event?.object}`, firstWords(event?.message ?? '')),
          ...proof(sourceOf(container), quoteFields(waiting, 'reason')),
        ],
        next: 'Wait.',
        rank: Rank.progress - 1,
      },
    ];
  }
  return [];
}

/** Why the containers of a pod that is not ready are as they are. */
export function containerFindings(
  situation: Situation,
  pod: Fields,
): Finding[] {
  const component = componentOf(situation, pod);
  const main = listAt(pod, 'status', 'containerStatuses').filter(
    status => status.ready !== true,
  );
  const read = (status: Fields, init: boolean, drop = 0) => {
    const name = clean(textAt(status, 'name'), 60);
    const what =
      init || SIDECARS.includes(name)
        ? `${name} of the ${component}`
        : `container ${name} of the ${component}`;
    return findingsOf(
      { situation, pod, status, what: `The ${what}` },
      init,
    ).map(finding => ({ ...finding, rank: finding.rank - drop }));
  };
  return [
    ...listAt(pod, 'status', 'initContainerStatuses')
      .filter(
        status =>
          status.ready !== true &&
          numberAt(status, 'state', 'terminated', 'exitCode') !== 0,
      )
      .flatMap(status => read(status, true)),
    ...main.flatMap(status =>
      read(status, false, SIDECARS.includes(textAt(status, 'name')) ? 12 : 0),
    ),
  ];
}
