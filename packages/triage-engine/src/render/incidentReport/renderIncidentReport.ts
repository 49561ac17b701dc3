// SPDX-License-Identifier: Apache-2.0
import {
  suspectedCauses,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import { codeSpan } from '../markup/codeSpan';
import { markdownProse } from '../markup/markdownProse';
import { markdownTable } from '../markup/markdownTable';
import { describeImpact } from './describeImpact';
import { listMoments, type Moment } from './listMoments';

/** What the portal knows of an incident. @public */
export interface IncidentRecord {
  title: string;
  /** Page of the incident in the portal. */
  url: string;
  /** ISO 8601, as all times here. */
  startedAt: string;
  /** When it was over; absent while it goes on. */
  endedAt?: string;
  report: TriageReport;
  /** What people and triage did, the oldest first. */
  activity: ReadonlyArray<{
    at: string;
    /** Entity reference of a user, or `triage`. */
    by: string;
    action: string;
    text?: string;
  }>;
  /** What was made outside of the portal. */
  effects: ReadonlyArray<{
    kind: string;
    status: string;
    at: string;
    url?: string;
  }>;
}

const MAX_MOMENTS = 100;

/** A sentence and where it is from; nothing is said without. */
const said = (sentence: string, source: string) => `${sentence} (${source})`;

function formatTime(at: string): string {
  return new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}

function minutesBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
}

function summary({ endedAt, report, startedAt, title }: IncidentRecord) {
  return [
    said(`It began at ${formatTime(startedAt)}.`, 'the alert or the run'),
    endedAt
      ? said(
          `It was over at ${formatTime(endedAt)}, after ${minutesBetween(startedAt, endedAt)} minutes.`,
          'the portal',
        )
      : said('It is not over.', 'the portal'),
    said(markdownProse(report.summary || title), 'triage'),
    said(
      `Priority ${report.decision.priority}, severity ${report.decision.severity}: ${report.decision.reasons.map(each => markdownProse(each)).join(' ')}`,
      'the rules of triage',
    ),
  ];
}

function cause({ report }: IncidentRecord) {
  const { ai, failure, rootCause } = report;
  if (rootCause.outcome === 'inconclusive') {
    return [
      said('No line proves a root cause.', 'triage'),
      ...suspectedCauses(report).map(({ statement }) =>
        said(markdownProse(statement), 'the rules of triage, not proven'),
      ),
    ];
  }
  const by =
    ai.status === 'answered' && rootCause.statement !== failure.reason
      ? `hypothesis of ${markdownProse(ai.model ?? 'a model')}, quotes checked`
      : 'the rules of triage';
  return [
    said(
      markdownProse(rootCause.statement),
      `${by}, ${rootCause.confidence} confidence`,
    ),
    ...rootCause.evidence
      .slice(0, 5)
      .map(({ line, quote, source }) =>
        said(codeSpan(quote, 300), `line ${line} of ${codeSpan(source)}`),
      ),
  ];
}

/** What nobody has answered yet; a draft that has none would not be honest. */
function openQuestions(record: IncidentRecord) {
  const { activity, endedAt, report } = record;
  const { rootCause } = report;
  const hasFeedback = activity.some(({ action }) => action === 'feedback');
  return [
    ...(rootCause.outcome === 'inconclusive'
      ? rootCause.missing.map(each => said(markdownProse(each), 'triage'))
      : [
          'Is that the whole cause, and why was it not found before it had an effect?',
        ]),
    ...(hasFeedback
      ? []
      : ['What was done about it? Nobody has said so in the portal.']),
    ...(endedAt ? [] : ['When was it over?']),
    ...(report.metrics?.length
      ? []
      : ['Who was affected? No metrics are with this incident.']),
    'What would have shown it earlier?',
  ];
}

function timelineTable(moments: readonly Moment[]): string {
  const shown = moments.slice(-MAX_MOMENTS);
  const table = markdownTable(
    ['Time', 'What', 'Source'],
    shown.map(({ at, source, text }) => [
      formatTime(at),
      markdownProse(text, 300),
      source,
    ]),
  );
  return shown.length < moments.length
    ? `${table}\n\n${moments.length - shown.length} earlier entries are left out.`
    : table;
}

const list = (sentences: readonly string[]) =>
  sentences.map(each => `- ${each}`).join('\n');

/**
 * The draft of an incident report (postmortem) as Markdown: what happened when, the
 * impact as far as metrics tell it, what people and the machine did, and what is open.
 * Every sentence names its source; hostile text stands in code, as in
 * `renderMarkdown`. It is a draft for people to finish, and says so.
 *
 * @public
 */
export function renderIncidentReport(record: IncidentRecord): string {
  const { report, title, url } = record;
  const steps = report.nextSteps.map(
    ({ by, text }) =>
      `- [ ] ${said(markdownProse(text), by === 'model' ? 'proposed by a model' : 'the rules of triage')}`,
  );
  return `${[
    `# Incident: ${markdownProse(title, 200)}`,
    `> Draft made from [the incident's record](${url}). Check each sentence, answer the open questions, then merge.`,
    '## Summary',
    list(summary(record)),
    '## Impact',
    list(describeImpact(report, record)),
    '## Root cause',
    list(cause(record)),
    '## What happened, and what was done',
    timelineTable(listMoments(record)),
    '## Open questions',
    list(openQuestions(record)),
    '## What should follow',
    steps.length > 0 ? steps.join('\n') : '- [ ] To be filled in.',
  ].join('\n\n')}\n`;
}
