// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { FAILURE_LABELS } from './failureLabels';
import { titleOfAlert, type TitledAlert } from './sections/alertWords';
import { failedTests } from './sections/testsSection';
import { ellipsis } from '../text/cutText';
import { visibleText } from '../text/visibleText';

/** GitHub takes 256 characters. */
const MAX_TITLE = 256;
const MAX_PART = 90;
/** Of what is a sentence already. */
const MAX_SUMMARY = 200;

/**
 * One line of a title. GitHub reads no mentions there; what forwards titles to a
 * chat or a mail might, so that `@` and `#` lose their meaning.
 */
function titleText(text: string, max: number = MAX_PART): string {
  const line = visibleText(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/@(?=[\p{L}\p{N}])/gu, '(at)')
    .replace(/(?<![\p{L}\p{N}])#(?=\d)/gu, 'no. ')
    .replaceAll('://', ':\u2215\u2215');
  return ellipsis(line, max);
}

/**
 * The title of an alert wherever it has one, in plain text: its name, its cause once it was
 * analysed, and what it is about.
 *
 * @public
 */
export function renderAlertTitle(
  alert: TitledAlert,
  report?: TriageReport,
): string {
  const { name, what, said, on } = titleOfAlert(alert, report);
  const cause = said ?? what;
  return ellipsis(
    [
      `${titleText(name)}${cause ? `: ${titleText(cause)}` : ''}`,
      ...(on ? [`on ${titleText(on)}`] : []),
    ].join(cause ? ', ' : ' '),
    MAX_TITLE,
  );
}

/**
 * The title of an issue: what failed and where, and the first failing test where
 * there is one; of an alert its name, the cause and what it is about. The same for the same failure in another run, and in plain text.
 *
 * @public
 */
export function renderIssueTitle(report: TriageReport): string {
  const { incident, failure, summary } = report;
  if (incident.kind === 'alert' && incident.alert) {
    return renderAlertTitle(incident.alert, report);
  }
  if (incident.kind !== 'pipeline') {
    return titleText(summary, MAX_SUMMARY);
  }
  const where = [incident.workflow, failure.step?.job, failure.step?.name]
    .filter((part): part is string => Boolean(part))
    .filter((part, index, all) => all.indexOf(part) === index)
    .map(part => titleText(part))
    .join(' / ');
  const [test] = failedTests(report);
  const what =
    test && (failure.type === 'unit-test' || failure.type === 'flaky')
      ? `: ${titleText(test.name)}`
      : '';
  return ellipsis(
    `${FAILURE_LABELS[failure.type]}${where ? ` in ${where}` : ''}${what}`,
    MAX_TITLE,
  );
}
