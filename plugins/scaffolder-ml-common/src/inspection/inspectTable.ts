// SPDX-License-Identifier: Apache-2.0
import { readTable, type ReadAnswer, type TableProfile } from '../table';
import type { ModelTask } from '../types';
import { findColumns } from './findColumns';
import { FINDING_CODES, type Finding } from './findings';
import { findLeaks } from './findLeaks';
import { findParts } from './findParts';
import { findReadings } from './findReadings';
import { findSplits } from './findSplits';
import { findDuplicates, findTarget } from './findTarget';
import { InspectedTable } from './InspectedTable';

const named = (findings: Finding[]) =>
  findings.flatMap(({ column }) => column ?? []);

/**
 * Finds what is wrong or doubtful in a table, once the target is known: what
 * names the row instead of describing it, what tells the answer, what speaks
 * for another split, cells that can be read in two ways. Looks at each cell a
 * few times, of as many rows as the profile has kept.
 *
 * @param profile - as `TableProfiler` answers it
 * @param options - `read`: what a person said of doubtful columns
 * @returns the findings, what must be answered first
 * @public
 */
export function inspectTable(
  profile: TableProfile,
  options: {
    target: string;
    task: ModelTask;
    read?: Readonly<Record<string, ReadAnswer>>;
  },
): Finding[] {
  const { target, task } = options;
  const table = new InspectedTable(readTable(profile, options), target);
  const columns = findColumns(table);
  // A code with zeros may still group the rows, or tell the target.
  const taken = named(
    columns.filter(({ code }) => code !== 'zero-padded-code'),
  );
  const splits = findSplits(table, new Set(taken));
  const isTime = new Set(
    named(splits.filter(({ split }) => split?.by === 'time')),
  );
  const leaks = findLeaks(table, task, {
    taken: new Set([...taken, ...named(splits)]),
    isInTime: isTime.size > 0,
  });
  const findings = [
    ...findReadings(profile, target),
    ...leaks,
    ...findParts(table, new Set(named(leaks))),
    ...splits,
    // A period that is there once says when a row is, not who.
    ...columns.filter(({ column }) => !isTime.has(column ?? '')),
    ...findTarget(table, task),
    ...findDuplicates(table),
  ];
  return findings.sort(
    (a, b) => FINDING_CODES.indexOf(a.code) - FINDING_CODES.indexOf(b.code),
  );
}
