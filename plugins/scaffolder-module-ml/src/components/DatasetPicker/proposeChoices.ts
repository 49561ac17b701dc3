// SPDX-License-Identifier: Apache-2.0
import type {
  Finding,
  TableChoices,
} from '@greenroom/plugin-scaffolder-ml-common';

/** What the findings propose, as choices that a person can change. */
export function proposeChoices(findings: Finding[]): TableChoices {
  const leaveOut = findings.flatMap(({ column, proposal }) =>
    column !== undefined && proposal === 'leave-out' ? [column] : [],
  );
  const split = findings.find(finding => finding.split)?.split;
  return {
    ...(leaveOut.length > 0 ? { leaveOut: [...new Set(leaveOut)] } : {}),
    ...(split ? { split } : {}),
  };
}

const without = (names: string[] = [], name: string) =>
  names.filter(each => each !== name);

/** The choices, with another answer to a finding. */
export function changeAnswer(
  choices: TableChoices,
  column: string,
  answer: NonNullable<Finding['proposal']>,
): TableChoices {
  if (answer !== 'leave-out' && answer !== 'keep') {
    return { ...choices, read: { ...choices.read, [column]: answer } };
  }
  const leaveOut = without(choices.leaveOut, column);
  const keep = without(choices.keep, column);
  (answer === 'keep' ? keep : leaveOut).push(column);
  return {
    ...choices,
    leaveOut: leaveOut.length > 0 ? leaveOut : undefined,
    keep: keep.length > 0 ? keep : undefined,
  };
}
