// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type {
  Change,
  Claim,
  StageError,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import { normalizeMessage } from '../../classify/normalizeMessage';
import { decide } from '../../explain/decide/decide';
import { FAILURE_GUIDES } from '../../report/failureGuides';
import { ellipsis } from '../../text/cutText';
import { oneLine } from '../../text/oneLine';
import { typeOfAlert } from '../causes/exceptionCause';
import { provenCause } from '../causes/findCauses';
import { lineEvidence } from '../causes/helpers';
import type { Candidate } from '../causes/types';
import { generatorUrl } from '../facts/expressionOf';
import { duration } from '../facts/quantity';
import { workloadName } from '../facts/subject';
import type { Situation } from '../facts/types';
import { nameOf } from '../read/describeObject';
import type { AlertFailure } from '../types';
import { documentsOf } from './documents';
import { excludedByAlert } from './excludedByAlert';
import { chooseExcerpts } from './excerpts';
import { missingOf } from './missingOf';
import { reportedMetrics } from './reportedMetrics';
import { otherCandidates, suspect } from './suspect';
import { timelineOf } from './timeline';

const MAX_STATEMENT = 1200;
const MAX_TEXT = 1000;
const MAX_CHANGES = 40;
const MAX_CITED_ERRORS = 30;

type Alert = NonNullable<TriageReport['incident']['alert']>;

const cut = (text: string | undefined) =>
  text === undefined || text === ''
    ? undefined
    : ellipsis(oneLine(text), MAX_TEXT);

function alertOf(situation: Situation, failure: AlertFailure): Alert {
  const { alert, subject, expression } = situation;
  const { labels, annotations } = alert;
  const url = generatorUrl(alert)?.href;
  const { cluster } = { ...failure.groupLabels, ...labels };
  return {
    name: cut(labels.alertname) ?? 'unnamed alert',
    status: alert.status,
    fingerprint: alert.fingerprint,
    startsAt: alert.startsAt,
    endsAt: alert.endsAt,
    severity: cut(labels.severity),
    summary: cut(annotations.summary ?? failure.commonAnnotations?.summary),
    description: cut(
      annotations.description ??
        annotations.message ??
        failure.commonAnnotations?.description,
    ),
    expression: cut(expression),
    cluster: cut(cluster),
    namespace: cut(subject.namespace),
    pod: cut(subject.pod),
    container: cut(subject.container),
    service: cut(subject.service ?? (subject.pod && workloadName(subject.pod))),
    ...(url && url.length <= 2000 && { url }),
  };
}

function confidenceOf({ score }: Candidate): Claim['confidence'] {
  if (score >= 8) {
    return 'high';
  }
  return score >= 6 ? 'medium' : 'low';
}

const toClaim = (candidate: Candidate): Claim => ({
  statement: ellipsis(oneLine(candidate.statement), MAX_STATEMENT),
  evidence: candidate.evidence,
  confidence: candidate.isProven && candidate.score >= 6 ? 'medium' : 'low',
});

function changesOf({ rollouts, start }: Situation, given: Change[]): Change[] {
  const read = rollouts.flatMap(
    ({ of, at, from, to, differences }): Change[] => [
      {
        kind: to ? 'rollout' : 'configuration',
        name: `${nameOf(of)}, ${duration(start - at)} before`,
        ...(from && { before: from }),
        ...(to && { after: to }),
      },
      ...differences,
    ],
  );
  return [...given, ...read].slice(0, MAX_CHANGES);
}

/** The same for the same cause at another time, in another pod. */
function signatureOf(
  { alert, subject }: Situation,
  cause: Candidate | undefined,
): string {
  const parts = [
    alert.labels.alertname,
    subject.namespace,
    subject.service ?? (subject.pod && workloadName(subject.pod)),
    cause?.rule ?? 'inconclusive',
    cause?.rule === 'error-line'
      ? normalizeMessage(cause.evidence[0].quote)
      : '',
  ];
  return createHash('sha256')
    .update(JSON.stringify(parts))
    .digest('hex')
    .slice(0, 16);
}

const INCONCLUSIVE_STEPS = [
  'Look at the events of the pod and the log of the kubelet on its node at the time of the alert (describe, node log).',
  'Collect what is missing, then ask again.',
];

/** The report of an alert as far as code can make it: complete without a model. */
export function draftAlertReport(options: {
  failure: AlertFailure;
  situation: Situation;
  candidates: Candidate[];
  errors: StageError[];
  budgetTokens: number;
}): TriageReport {
  const { failure, situation, candidates, errors, budgetTokens } = options;
  const cause = provenCause(candidates);
  const suspicion = cause ? undefined : suspect(candidates, situation);
  const rest =
    suspicion?.suspects ?? otherCandidates(candidates, cause).slice(0, 3);
  const type = cause?.type ?? typeOfAlert(situation);
  const alert = alertOf(situation, failure);
  const where = [alert.namespace, alert.service ?? alert.pod]
    .filter(Boolean)
    .join('/');
  const statement = cause && ellipsis(oneLine(cause.statement), MAX_STATEMENT);
  const cited = [cause, ...rest].flatMap(each => each?.evidence ?? []);
  const timeline = timelineOf(situation);
  const excluded = excludedByAlert(situation, cause);
  const reason =
    statement ??
    `The alert ${alert.name} fires; no line, event or change proves why.`;
  return {
    schemaVersion: 1,
    incident: { ...failure.incident, kind: 'alert', alert },
    failure: {
      type: cause ? type : 'unknown',
      rule: cause?.rule ?? 'inconclusive',
      reason,
      evidence: cause?.evidence ?? [],
      signature: signatureOf(situation, cause),
    },
    summary: `${alert.name}${where ? ` on ${where}` : ''}: ${cause ? FAILURE_GUIDES[type].what : 'its cause is not proven'}.`,
    rootCause: cause
      ? {
          outcome: 'identified',
          statement: statement ?? '',
          evidence: cause.evidence,
          confidence: confidenceOf(cause),
        }
      : {
          outcome: 'inconclusive',
          ...suspicion?.verdict,
          missing: missingOf(situation, candidates),
        },
    claims: rest.map(toClaim),
    ...(excluded.length > 0 && { excluded }),
    nextSteps: (cause
      ? cause.steps
      : [
          ...new Set(rest.flatMap(({ steps }) => steps.slice(0, 1))),
          ...INCONCLUSIVE_STEPS,
        ]
    ).map(text => ({
      text: ellipsis(oneLine(text), MAX_TEXT),
      by: 'rule' as const,
      evidence: [],
    })),
    findings: [],
    tests: [],
    changes: changesOf(situation, failure.changes ?? []),
    suspects: [],
    excerpts: chooseExcerpts({
      documents: documentsOf(situation),
      cited,
      errors: situation.groups
        .filter(({ isError }) => isError)
        .slice(0, MAX_CITED_ERRORS)
        .map(({ log, line }) => {
          const { source, line: number } = lineEvidence(log, line);
          return { source, line: number };
        }),
      budgetTokens,
    }),
    metrics: reportedMetrics(situation),
    ...(timeline.length > 0 && { timeline }),
    decision: decide({
      type: cause ? type : 'unknown',
      findings: [],
      tests: [],
      environment: failure.environment,
      isProtected: failure.environment !== 'dev',
      isAlert: true,
      owner: failure.owner,
    }),
    ai: { status: 'off', droppedClaims: 0 },
    redactions: {},
    errors,
  };
}
