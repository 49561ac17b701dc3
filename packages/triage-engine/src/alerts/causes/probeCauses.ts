// SPDX-License-Identifier: Apache-2.0
import { duration } from '../facts/quantity';
import type { Situation } from '../facts/types';
import { at, isJson } from '../read/json';
import {
  distinct,
  eventsLike,
  isReadyPod,
  lineEvidence,
  linesLike,
  logsOf,
  mainContainer,
  measuredAs,
  ownRollouts,
  quoted,
  rolloutSentence,
} from './helpers';
import {
  linesOfProbe,
  meaningOfAnswer,
  otherPort,
  probedContainer,
  probeSettings,
  type Probe,
} from './probeAnswers';
import type { Candidate } from './types';

/** What servers print once they answer. */
export const STARTED =
  /[Aa]pplication startup complete|[Uu]vicorn running|[Ss]erver (?:is )?(?:started|ready|listening|running)|[Ll]istening (?:on|at)|Started \w{1,60} in [\d.]{1,8} seconds|Running gRPC ModelServer|HTTP server running|ready to (?:serve|accept)|model[^\n]{0,40} (?:is )?ready|Started GRPCInferenceService/;
const PROGRESS =
  /\d{1,3} ?%|shards?\b|[Ll]oading|[Dd]ownload|[Ww]arm(?:ing)?[ -]?up|[Cc]ompil|[Ii]nitiali[sz]|[Cc]aptur|[Mm]igrat|[Ff]etching/;
/** Threads, workers or connections of which as many are taken as there are. */
const ALL_IN_USE =
  /\b(?:[Aa]ll|no (?:free|idle|available)) [^\n]{0,30}(?:threads?|workers?|slots?|connections?|permits?)\b[^\n]{0,30}(?:busy|in use|taken|available)?|\b(\d{1,5})(?: of |\/| out of )\1 [^\n]{0,30}(?:tokens?|threads?|workers?|slots?|connections?|permits?|busy|in use)|[Tt]hread ?[Pp]ool[^\n]{0,40}(?:exhausted|full)/;
const SIGNALLED = /SIGTERM|[Ss]hutting down|sigterm/;

/** Containers that a liveness or startup probe kills, and why it fails. */
export function probeCauses(situation: Situation): Candidate[] {
  const { document } = situation;
  const kills = eventsLike(situation, /failed (?:liveness|startup) probe/, 0.8);
  const failing = eventsLike(
    situation,
    /^Unhealthy: [\s\S]{0,40}(?:Liveness|Startup)/,
    0.8,
  ).filter(
    // Every start begins with some that fail.
    ({ message, involved }) =>
      !/Startup/.test(message) || !isReadyPod(situation, involved.name),
  );
  const [kill] = [...kills, ...failing];
  if (!kill) {
    return [];
  }
  const isStartup = /[Ss]tartup probe/.test(kill.message);
  const key: Probe = isStartup ? 'startupProbe' : 'livenessProbe';
  const container =
    probedContainer(situation, failing[0] ?? kill, key) ??
    mainContainer(situation);
  // Where the kernel ended it the probe had nobody to answer it.
  if (!container || container.terminated?.reason === 'OOMKilled') {
    return [];
  }
  const name = isStartup ? 'startup' : 'liveness';
  const probe = at(container.spec, key);
  const hasStartup = isJson(at(container.spec, 'startupProbe'));
  const probed = document.find(container.pod, `[${container.name}].${key}:`);
  const [log] = logsOf(situation, container);
  const lines = log?.lines ?? [];
  const started = lines.find(({ text }) => STARTED.test(text));
  const progress = [...lines]
    .reverse()
    .find(
      ({ text }) =>
        PROGRESS.test(text) && !SIGNALLED.test(text) && !/DEBUG/.test(text),
    );
  const { startedAt, finishedAt } = container.terminated ?? {};
  const lived =
    startedAt !== undefined && finishedAt !== undefined
      ? finishedAt - startedAt
      : undefined;
  const [rollout] = ownRollouts(situation);
  const why = failing[0] ?? kill;
  const base = [kill.evidence];
  const other = /refused/.test(why.message)
    ? otherPort(situation, container, probe)
    : undefined;
  const change = rollout ? ` ${rolloutSentence(rollout, situation)}.` : '';
  if (other) {
    return [
      {
        rule: 'probe-port',
        type: 'probe',
        score: 9,
        isProven: true,
        statement: `The ${name} probe asks for port ${other.asked}, while the server listens on port ${other.has}: the connection is refused (${quoted(why.message, 160)}), and the kubelet restarts a healthy container.${change}`,
        evidence: distinct([
          why.evidence,
          lineEvidence(other.log, other.line),
          ...probed,
          ...(rollout?.evidence ?? []),
        ]),
        steps: [
          `Set the port of the probes (and of the Service) to ${other.has}, or let the server listen on ${other.asked}.`,
        ],
      },
    ];
  }
  if (log && !started && progress) {
    return [
      {
        rule: 'probe-kills-start',
        type: 'probe',
        // Without a kill it only was not ready yet.
        score: kills.length > 0 ? 9 : 4.5,
        isProven: kills.length > 0,
        statement: `The ${name} probe (${probeSettings(probe)}${hasStartup || isStartup ? '' : ', no startupProbe'}) is too short for the start: it kills ${container.name}${lived === undefined ? '' : ` ${duration(lived)} after each start`}, while it is still loading (${quoted(progress.text)}), so that it never becomes ready and starts again.${change}`,
        evidence: distinct([
          ...base,
          lineEvidence(log, progress),
          ...probed,
          ...(rollout?.evidence ?? []),
          why.evidence,
        ]),
        steps: [
          `Add a startupProbe (or raise its failureThreshold) that lasts longer than the longest start, or raise initialDelaySeconds of the ${name} probe.`,
          'Make the start shorter: weights on a local disk, a smaller model, fewer downloads.',
        ],
      },
    ];
  }
  const isTimeout = /Client\.Timeout|deadline exceeded|timed? ?out/.test(
    why.message,
  );
  const wrong = meaningOfAnswer(why.message);
  const [told] = wrong
    ? linesOfProbe(situation, probe, container.pod.name)
    : [];
  const busy = measuredAs(situation, 'cpu', 'throttling', 'queue').find(
    ({ trend }) => trend.direction === 'up',
  );
  const [full] = linesLike(
    situation,
    ALL_IN_USE,
    ({ isOfSubject, before, count }) => isOfSubject && before <= count / 4,
  );
  const missing = [
    'What the process did while the probe failed: its log does not tell.',
  ];
  return [
    {
      rule: wrong ? 'probe-path' : 'probe-kills-running',
      type: 'probe',
      score:
        (wrong ? 7 : 5) +
        (isTimeout ? 1 : 0) +
        (busy ? 1 : 0) +
        (full ? 1.5 : 0) +
        (kills.length > 0 ? 0.5 : 0),
      // That it does not answer in time is a symptom, until something tells why.
      isProven:
        wrong !== undefined ||
        (kills.length > 0 && isTimeout && Boolean(busy ?? full ?? rollout)),
      statement: `The ${name} probe of ${container.name} (${probeSettings(probe)}) fails: ${quoted(why.message, 200)}. ${wrong ? `${wrong.why} and is restarted` : `${isTimeout ? 'The process is too busy (blocked) to answer it in time' : 'The process does not answer'}, and the kubelet restarts the container`}.${busy ? ` ${busy.expression.slice(0, 100)} rose at the same time.` : ''}${full ? ` All that it has is in use (exhausted), so that the probe waits in the queue like any request: ${quoted(full.line.text)}.` : ''}${change}${told ? ` Its log: ${quoted(told.line.text)}.` : ''}`,
      evidence: distinct([
        why.evidence,
        ...(told ? [lineEvidence(told.log, told.line)] : []),
        ...(full ? [lineEvidence(full.log, full.line)] : []),
        ...base,
        ...probed,
        ...(busy ? [busy.evidence] : []),
        ...(rollout?.evidence ?? []),
      ]),
      steps: [
        wrong?.step ??
          `Raise timeoutSeconds and failureThreshold of the ${name} probe, or let it ask a cheap endpoint that a busy process still answers.`,
        'Give the container more CPU or fewer requests at a time, so that it can answer its probes under load.',
      ],
      missing,
    },
  ];
}
