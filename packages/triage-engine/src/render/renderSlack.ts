// SPDX-License-Identifier: Apache-2.0
import {
  suspectedCauses,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import { renderIssueTitle } from './renderIssueTitle';
import { minuteOf } from './sections/alertWords';
import { counted } from './sections/andMore';
import { rankedFindings } from './sections/findingsSection';
import { gateFindings } from './sections/gateSection';
import { failedTests } from './sections/testsSection';
import { ellipsis } from '../text/cutText';
import { safeRunUrl } from './markup/runLink';
import { slackCode, slackFence, slackProse } from './markup/slackText';

/**
 * What `chat.postMessage` takes: of Block Kit's blocks those that a report needs,
 * with text in which Slack looks for no names and addresses.
 *
 * @public
 */
export interface SlackMessage {
  /** For notifications and readers of screens. */
  text: string;
  blocks: Array<
    | {
        type: 'header';
        text: { type: 'plain_text'; text: string; emoji: false };
      }
    | {
        type: 'section';
        text: { type: 'mrkdwn'; text: string; verbatim: true };
      }
    | {
        type: 'context';
        elements: Array<{ type: 'mrkdwn'; text: string; verbatim: true }>;
      }
  >;
  unfurl_links: false;
  unfurl_media: false;
}

type SlackBlock = SlackMessage['blocks'][number];
type SlackText = Extract<SlackBlock, { type: 'section' }>['text'];

/** Slack's limits. */
const MAX_HEADER = 150;
const MAX_SECTION = 3000;
const MAX_BLOCKS = 50;

const MAX_ROWS = 5;
const MAX_LINES = 12;

const mrkdwn = (text: string): SlackText => ({
  type: 'mrkdwn',
  text,
  verbatim: true,
});

/** A section of rows: those that do not fit are left out whole, and counted. */
function section(
  title: string,
  rows: string[],
  total: number = rows.length,
): SlackBlock[] {
  if (rows.length === 0) {
    return [];
  }
  const kept = [...rows];
  const text = () =>
    [
      `*${title}*`,
      ...kept,
      ...(total > kept.length ? [`and ${total - kept.length} more`] : []),
    ].join('\n');
  while (kept.length > 0 && text().length > MAX_SECTION) {
    kept.pop();
  }
  return [{ type: 'section', text: mrkdwn(text()) }];
}

function cause(report: TriageReport): string[] {
  const { rootCause } = report;
  const causes = suspectedCauses(report);
  return rootCause.outcome === 'identified'
    ? [
        `${slackProse(rootCause.statement, 600)} (${rootCause.confidence} confidence)`,
      ]
    : [
        `Inconclusive: no line proves a root cause.${causes.length > 0 ? ' What may be it:' : ''}`,
        ...(causes.length > 0
          ? causes.map(({ statement }) => statement)
          : rootCause.missing
        )
          .slice(0, 3)
          .map(each => `• ${slackProse(each, 240)}`),
      ];
}

function proof({ rootCause, failure, excerpts }: TriageReport): SlackBlock[] {
  const quoted =
    rootCause.outcome === 'identified' ? rootCause.evidence : failure.evidence;
  const [excerpt] = excerpts;
  const lines =
    quoted.length > 0
      ? quoted.map(({ line, quote }) => ({ number: line, text: quote }))
      : (excerpt?.lines.slice(-MAX_LINES) ?? []);
  const source = quoted[0]?.source ?? excerpt?.source;
  if (lines.length === 0 || !source) {
    return [];
  }
  return [
    {
      type: 'section',
      text: mrkdwn(
        `*Proof* in ${slackCode(source, 120)}\n${slackFence(
          lines
            .slice(0, MAX_LINES)
            .map(({ number, text }) => `${number} | ${text}`),
          MAX_SECTION - 800,
        )}`,
      ),
    },
  ];
}

function findings(report: TriageReport): SlackBlock[] {
  const all = [...gateFindings(report), ...rankedFindings(report)];
  const rows = all
    .slice(0, MAX_ROWS)
    .map(({ severity, rule, message, file, line, fixedVersion }) => {
      const place = file
        ? ` in ${slackCode(line ? `${file}:${line}` : file, 120)}`
        : '';
      const fix = fixedVersion
        ? `, fixed in ${slackCode(fixedVersion, 40)}`
        : '';
      return `• ${severity} ${slackCode(rule, 80)}${place}: ${slackProse(message, 160)}${fix}`;
    });
  return section(counted(all.length, 'finding'), rows, all.length);
}

function tests(report: TriageReport): SlackBlock[] {
  const all = failedTests(report);
  const rows = all
    .slice(0, MAX_ROWS)
    .map(
      ({ name, message }) =>
        `• ${slackCode(name, 160)}${message ? `: ${slackCode(message, 160)}` : ''}`,
    );
  return section(counted(all.length, 'failing test'), rows, all.length);
}

function suspects({ suspects: all }: TriageReport): SlackBlock[] {
  const likely = all.filter(({ score }) => score >= 0.1);
  const rows = likely
    .slice(0, 3)
    .map(
      ({ sha, message, reasons }) =>
        `• ${slackCode(sha.slice(0, 7), 10)} ${slackCode(message, 100)}${reasons[0] ? `: ${slackProse(reasons[0], 200)}` : ''}`,
    );
  return section('Suspect commits', rows, likely.length);
}

function facts({ incident, decision, ai, failure }: TriageReport): SlackBlock {
  const { run, repository, alert } = incident;
  const url = safeRunUrl(run?.url);
  const elements = [
    `*${decision.priority}*, ${decision.severity} severity`,
    ...(run
      ? [
          url
            ? `<${url}|run ${slackProse(run.id, 40)}>`
            : `run ${slackCode(run.id, 40)}`,
        ]
      : []),
    ...(alert
      ? [
          `${alert.status} since ${minuteOf(alert.startsAt)}`,
          ...(alert.pod ? [`pod ${slackCode(alert.pod, 120)}`] : []),
        ]
      : []),
    ...(repository ? [slackCode(repository, 120)] : []),
    ...(run?.branch ? [`branch ${slackCode(run.branch, 120)}`] : []),
    ...(run?.commit ? [`commit ${slackCode(run.commit.slice(0, 7), 10)}`] : []),
    ...(decision.owner ? [`owner ${slackCode(decision.owner, 120)}`] : []),
    `rule ${slackCode(failure.rule, 80)}`,
    ai.status === 'answered'
      ? `model ${slackCode(ai.model ?? 'unknown', 60)}`
      : slackProse(ai.reason ?? 'No model was asked.', 200),
  ];
  return { type: 'context', elements: elements.slice(0, 10).map(mrkdwn) };
}

/** Drift that nobody has to act upon today: what moved, for whoever has the time. */
const isToInvestigate = ({ incident, decision }: TriageReport) =>
  incident.kind === 'drift' && decision.priority === 'P2';

/**
 * A report as a Slack message. Hostile text stands in code, with `&`, `<` and `>`
 * escaped and addresses defanged; the only link is the run's own.
 *
 * @public
 */
export function renderSlack(report: TriageReport): SlackMessage {
  const title = renderIssueTitle(report);
  const steps = report.nextSteps
    .slice(0, 3)
    .map(
      ({ text, by }) =>
        `• ${slackProse(text, 300)}${by === 'model' ? ' (suggested by the model)' : ''}`,
    );
  const blocks: SlackBlock[] = [
    {
      type: 'header',
      text: {
        type: 'plain_text',
        text: ellipsis(title, MAX_HEADER),
        emoji: false,
      },
    },
    ...(isToInvestigate(report)
      ? section('Investigate', [slackProse(report.failure.reason, 600)])
      : section('Root cause', cause(report))),
    facts(report),
    ...(report.tests.length > 0 || report.failure.type === 'unit-test'
      ? tests(report)
      : []),
    ...findings(report),
    ...proof(report),
    ...suspects(report),
    ...(isToInvestigate(report) ? [] : section('Next steps', steps)),
  ];
  return {
    text: isToInvestigate(report)
      ? `Investigate: ${slackProse(report.summary, 1000)}`
      : slackProse(report.summary, 1000),
    blocks: blocks.slice(0, MAX_BLOCKS),
    unfurl_links: false,
    unfurl_media: false,
  };
}
