// SPDX-License-Identifier: Apache-2.0
import type { Change } from '@greenroom/plugin-triage-common';
import { compareDependencies } from './compareDependencies';
import { compareDurations } from './compareDurations';
import { compareModels } from './compareModels';
import { compareWorkflows } from './compareWorkflows';
import { isWorkflowFile } from './fileRoles';
import { rankSuspects } from './rankSuspects';
import type { CompareInput, CompareRunsInput, Comparison } from './types';

/** More than a person or a prompt can use; how many more there are is said. */
const MAX_OF_A_KIND = 200;

function capped(changes: Change[]): Change[] {
  if (changes.length <= MAX_OF_A_KIND) {
    return changes;
  }
  const rest = changes.length - MAX_OF_A_KIND;
  return [
    ...changes.slice(0, MAX_OF_A_KIND),
    { kind: changes[0].kind, name: `and ${rest} more` },
  ];
}

/** Each file that the commits touch, with what became of it in the end. */
function changedFiles({ commits = [] }: CompareInput): Change[] {
  const files = new Map<string, { first?: string; last?: string }>();
  for (const { path, status } of commits.flatMap(commit => commit.files)) {
    files.set(path, {
      first: files.has(path) ? files.get(path)?.first : status,
      last: status,
    });
  }
  return [...files]
    .filter(([, { first, last }]) => !(first === 'added' && last === 'removed'))
    .map(([path, { first, last }]): Change => {
      const after = first === 'added' ? first : last;
      return {
        kind: isWorkflowFile(path) ? 'workflow' : 'file',
        name: path,
        ...(after && { after }),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * What is other than in the last green run and than in the champion, and the
 * commits since, ranked by what they touch of what fails. Compares only what is
 * given on both sides; broken files say nothing and stop nothing.
 *
 * Deterministic: the same input gives the same order.
 */
export function compareRuns(input: CompareRunsInput): Comparison {
  const { failed, green, candidate, champion } = input;
  const workflows = compareWorkflows(input);
  const dependencies = compareDependencies(input);
  // A workflow of which is said what changed in it needs no line of its own.
  const files = changedFiles(input).filter(
    ({ kind, name }) =>
      kind !== 'workflow' ||
      !workflows.some(each => each.name.startsWith(`${name}: `)),
  );
  return {
    changes: [
      ...capped(compareModels(input.findings, candidate, champion)),
      ...capped(dependencies),
      ...capped(workflows.filter(({ kind }) => kind === 'action')),
      ...capped(workflows.filter(({ kind }) => kind === 'workflow')),
      ...capped(compareDurations(green?.durations, failed?.durations)),
      ...capped(files.filter(({ kind }) => kind === 'workflow')),
      ...capped(files.filter(({ kind }) => kind === 'file')),
    ],
    suspects: rankSuspects(input, dependencies),
  };
}
