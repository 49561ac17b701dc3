// SPDX-License-Identifier: Apache-2.0
import type { IndexableDocument } from '@backstage/plugin-search-common';
import type {
  Incident,
  TriageDocument,
  TriageReport,
} from '@greenroom/plugin-triage-common';

const MAX_TEXT = 20_000;

/** What a person would look for: the verdict, quoted lines, tests and findings. */
export function toDocument(
  incident: Incident & { entityRef: string },
  report: TriageReport,
): TriageDocument & IndexableDocument {
  const { rootCause, claims, failure, findings, tests, nextSteps } = report;
  const causes = [
    ...(rootCause.outcome === 'identified' ? [rootCause] : []),
    ...claims,
  ];
  const texts = [
    report.summary,
    ...causes.map(({ statement }) => statement),
    ...[failure, ...causes].flatMap(({ evidence }) =>
      evidence.map(({ quote }) => quote),
    ),
    ...tests.flatMap(({ failedTests }) => failedTests.map(({ name }) => name)),
    ...findings.map(({ rule, message }) => `${rule} ${message}`),
    ...nextSteps.map(step => step.text),
    incident.repository ?? [],
    incident.workflow ?? [],
    incident.branch ?? [],
    incident.commit ?? [],
    incident.alert?.name ?? [],
    incident.alert?.service ?? [],
    incident.alert?.pod ?? [],
  ].flat();
  return {
    title: incident.title,
    text: [...new Set(texts)].join('\n').slice(0, MAX_TEXT),
    location: `/inbox/incidents/${incident.id}`,
    authorization: { resourceRef: incident.entityRef },
    entityRef: incident.entityRef,
    kind: incident.kind,
    repository: incident.repository,
    branch: incident.branch,
    state: incident.state,
    failureType: failure.type,
    summary: incident.summary ?? report.summary,
    failedAt: incident.failedAt,
  };
}
