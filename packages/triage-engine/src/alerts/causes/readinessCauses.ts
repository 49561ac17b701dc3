// SPDX-License-Identifier: Apache-2.0
import type { Container, KubeEvent, Situation } from '../facts/types';
import { at } from '../read/json';
import {
  distinct,
  eventsLike,
  isReadyPod,
  lineEvidence,
  linesLike,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import {
  askedBy,
  linesOfProbe,
  meaningOfAnswer,
  otherPort,
  probedContainer,
  probeSettings,
} from './probeAnswers';
import type { Candidate } from './types';

const LEAST = 3;
const LOOPBACK =
  /\b(?:running|listening|serving|bound|started|listen)\b[^\n]{0,40}(?:127\.0\.0\.1|localhost|\[::1\]):\d/i;

/** The failure that lasts: the one that came last and most often. */
function lasting(situation: Situation): KubeEvent | undefined {
  return eventsLike(situation, /^Unhealthy: [\s\S]{0,40}Readiness/, 0.8)
    .filter(
      ({ involved, count }) =>
        !isReadyPod(situation, involved.name) && count >= LEAST,
    )
    .sort((a, b) => (b.at ?? 0) - (a.at ?? 0) || b.count - a.count)[0];
}

/** A server that runs and is not where it is asked, by what its log says. */
function whyRefused(
  situation: Situation,
  container: Container,
  probe: unknown,
) {
  const [loopback] = linesLike(
    situation,
    LOOPBACK,
    ({ log }) =>
      log.pod === container.pod.name && log.container === container.name,
  );
  if (loopback) {
    return {
      why: 'The server listens on 127.0.0.1 (loopback) only, where nothing from outside of the container reaches it',
      step: 'Let the server listen on 0.0.0.0 (uvicorn --host 0.0.0.0, gunicorn --bind 0.0.0.0:PORT).',
      isWrongSetting: true,
      evidence: lineEvidence(loopback.log, loopback.line),
    };
  }
  const other = otherPort(situation, container, probe);
  return (
    other && {
      why: `It asks for port ${other.asked}, while the server listens on port ${other.has}`,
      step: `Set the port of the probe (and of the Service) to ${other.has}.`,
      isWrongSetting: true,
      evidence: lineEvidence(other.log, other.line),
    }
  );
}

/** Pods that run and never get ready, since their readiness probe is answered so. */
export function readinessCauses(situation: Situation): Candidate[] {
  const event = lasting(situation);
  const container =
    event && probedContainer(situation, event, 'readinessProbe');
  const probe = at(container?.spec, 'readinessProbe');
  const refused =
    container && /refused/.test(event.message)
      ? whyRefused(situation, container, probe)
      : undefined;
  const answer = refused ?? (event && meaningOfAnswer(event.message));
  if (!event || !answer || !container) {
    return [];
  }
  const [told] = linesOfProbe(situation, probe, container.pod.name);
  const [rollout] = ownRollouts(situation);
  const others = situation.containers.filter(
    ({ pod, name, isReady }) =>
      pod === container.pod && name !== container.name && isReady,
  );
  return [
    {
      rule: 'readiness-refused',
      type: 'probe',
      score: 7.5 + (told ? 0.5 : 0),
      isProven: answer.isWrongSetting,
      statement: `The readiness probe of ${container.name} (${askedBy(probe)}; ${probeSettings(probe)}) fails all the time: ${quoted(event.message, 160)} (${event.count} times). ${answer.why}; the pod never gets ready${others.length > 0 ? ` although ${others.map(({ name }) => name).join(', ')} is ready` : ''}.${told ? ` Its log: ${quoted(told.line.text)}.` : ''}${rollout ? ` ${rolloutSentence(rollout, situation)}.` : ''}`,
      evidence: distinct([
        event.evidence,
        ...(refused ? [refused.evidence] : []),
        ...(told ? [lineEvidence(told.log, told.line)] : []),
        ...situation.document.find(
          container.pod,
          `[${container.name}].readinessProbe`,
        ),
        ...(rollout?.evidence ?? []),
      ]),
      steps: [
        answer.step,
        ...(rollout ? [`Roll back ${rollout.of.name} until then.`] : []),
      ],
    },
  ];
}
