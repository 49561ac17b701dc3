// SPDX-License-Identifier: Apache-2.0
import {
  describeReason,
  type Finding,
  type TableChoices,
} from '@greenroom/plugin-scaffolder-ml-common';

/** What the findings propose, as choices that a person can change. */
export function proposeChoices(findings: Finding[]): TableChoices {
  const leaveOut = Object.fromEntries(
    findings.flatMap(finding =>
      finding.column !== undefined && finding.proposal === 'leave-out'
        ? [[finding.column, describeReason(finding)]]
        : [],
    ),
  );
  const split = findings.find(finding => finding.split)?.split;
  return {
    ...(Object.keys(leaveOut).length > 0 ? { leaveOut } : {}),
    ...(split ? { split } : {}),
  };
}

/** An object without a key; none where nothing is left. */
function without(
  choices: Record<string, string> = {},
  name: string,
): Record<string, string> | undefined {
  const entries = Object.entries(choices).filter(([key]) => key !== name);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The choices, with another answer to a finding. */
export function changeAnswer(
  choices: TableChoices,
  finding: Finding,
  answer: NonNullable<Finding['proposal']>,
): TableChoices {
  const { column = '' } = finding;
  if (answer !== 'leave-out' && answer !== 'keep') {
    return { ...choices, read: { ...choices.read, [column]: answer } };
  }
  const why = { [column]: describeReason(finding) };
  const leaveOut = without(choices.leaveOut, column);
  const keep = without(choices.keep, column);
  return answer === 'keep'
    ? { ...choices, leaveOut, keep: { ...keep, ...why } }
    : { ...choices, leaveOut: { ...leaveOut, ...why }, keep };
}
