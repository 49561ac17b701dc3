// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  checkTarget,
  describeFinding,
  describeOpenFinding,
  describeTableProblem,
  getConstantAnswer,
  inspectTable,
  readTable,
  resolveTableChoices,
  type ConstantAnswer,
  type Finding,
  type ModelTask,
  type ResolvedTableChoices,
  type TableChoices,
  type TableProfile,
} from '@greenroom/plugin-scaffolder-ml-common';

/** A table that can be learnt from, as a person wants it read. */
export interface JudgedTable {
  profile: TableProfile;
  findings: Finding[];
  choices: ResolvedTableChoices;
  constant: ConstantAnswer | undefined;
}

function refuseTarget(
  profile: TableProfile,
  { target, task }: { target: string; task: ModelTask },
) {
  const problem = checkTarget(profile, target, task);
  if (problem) {
    const field = problem.code === 'not-numeric' ? 'data.task' : 'data.target';
    throw new InputError(`${field}: ${describeTableProblem(problem, target)}`);
  }
}

function refuseChoices({ problems, open }: ResolvedTableChoices) {
  const refused = [...problems, ...open.map(describeOpenFinding)].map(
    ({ field, message }) => `${field}: ${message}`,
  );
  if (refused.length === 1) {
    throw new InputError(refused[0]);
  }
  if (refused.length > 1) {
    throw new InputError(
      `data: the table leaves questions open.\n- ${refused.join('\n- ')}`,
    );
  }
}

/** A group or a moment that all rows share leaves nothing to hold out. */
function describeSplit({ by, column }: ResolvedTableChoices['split']): string {
  switch (by) {
    case 'time':
      return column
        ? `the newest rows by ${JSON.stringify(column)}`
        : 'the last rows of the table';
    case 'group':
      return `whole groups of ${JSON.stringify(column)}`;
    default:
      return 'rows by a hash of their cells';
  }
}

/**
 * Inspects a table, refuses what cannot be learnt from or what only a person
 * knows and none has said, and logs what is doubtful.
 *
 * @throws InputError that names the field
 */
export function judgeTable(
  profile: TableProfile,
  options: {
    target: string;
    task: ModelTask;
    choices: TableChoices;
    logger: LoggerService;
  },
): JudgedTable {
  const { target, task, choices, logger } = options;
  const { read } = choices;
  const asked = readTable(profile, { target, read });
  refuseTarget(asked, { target, task });
  const findings = inspectTable(profile, { target, task, read });
  const resolved = resolveTableChoices(profile, { target, findings, choices });
  refuseChoices(resolved);
  for (const finding of findings) {
    logger.warn(describeFinding(finding));
  }
  for (const [column, reason] of Object.entries(resolved.leaveOut)) {
    logger.info(
      `${JSON.stringify(column)} is left out: ${reason}. Name it in data.keep to learn from it`,
    );
  }
  if (resolved.split.by !== 'rows') {
    logger.info(
      `Held out are ${describeSplit(resolved.split)}; data.split says otherwise`,
    );
  }
  if (profile.sample.isPartial) {
    logger.info(
      `The table is large: its first ${profile.sample.rows} rows were inspected`,
    );
  }
  const blanks = asked.columns.find(({ name }) => name === target)?.blanks ?? 0;
  if (blanks > 0) {
    logger.info(
      `${blanks} rows have no value in ${JSON.stringify(target)}: the pipeline leaves them out`,
    );
  }
  return {
    profile: readTable(profile, { target, read: resolved.read }),
    findings,
    choices: resolved,
    constant: getConstantAnswer(asked, { target, task }),
  };
}
