// SPDX-License-Identifier: Apache-2.0
import { READ_ANSWERS, type ReadAnswer, type TableProfile } from '../table';
import type { DataSplit, Finding } from './findings';
import { describeFinding, quote } from './findingMessages';

/**
 * What a person says of a table, as the parameter `data` holds it. What is not
 * said is as the findings propose.
 *
 * @public
 */
export interface TableChoices {
  /** Columns that the model does not learn from, and why; the why may be empty. */
  leaveOut?: Record<string, string>;
  /** Columns that it learns from in spite of a finding, and why. */
  keep?: Record<string, string>;
  /** How doubtful cells are read, by column. */
  read?: Record<string, ReadAnswer>;
  split?: DataSplit;
}

/**
 * Why the choices are none of this table, and what would be right.
 *
 * @public
 */
export interface TableChoiceProblem {
  /** The parameter, for example `data.leaveOut`. */
  field: string;
  message: string;
}

/**
 * The choices with what was left open, as `config.yaml` holds them.
 *
 * @public
 */
export interface ResolvedTableChoices {
  /** By column: why the model does not learn from it. */
  leaveOut: Record<string, string>;
  /** By column: the finding that it is kept in spite of, or how it was answered. */
  keep: Record<string, string>;
  read: Record<string, ReadAnswer>;
  split: DataSplit;
  /** Findings that nobody has answered and that propose nothing. */
  open: Finding[];
  problems: TableChoiceProblem[];
}

const REASONS: Partial<Record<Finding['code'], string>> = {
  'index-column': 'counts the rows',
  'id-column': 'names the row',
  'unique-text': 'names the row',
  'split-column': "its author's own split",
  'constant-column': 'always the same',
  'repeated-id': 'names whose rows they are',
  'time-order': 'says when the row is',
  'zero-padded-code': 'a code',
  'decides-target': 'tells the answer',
};

/**
 * A few words on a finding, for `config.yaml`: why a column is left out or kept.
 *
 * @public
 */
export function describeReason({ code }: Finding): string {
  return REASONS[code] ?? code;
}

const MIN_TEST_SIZE = 0.05;
const MAX_TEST_SIZE = 0.5;

function* checkNames(
  profile: TableProfile,
  target: string,
  choices: TableChoices,
): Generator<TableChoiceProblem> {
  const names = new Set(profile.columns.map(({ name }) => name));
  const { leaveOut = {}, keep = {}, read = {} } = choices;
  const said = [
    ...Object.keys(leaveOut).map(name => ['data.leaveOut', name]),
    ...Object.keys(keep).map(name => ['data.keep', name]),
    ...Object.keys(read).map(name => ['data.read', name]),
  ];
  for (const [field, name] of said) {
    if (!names.has(name)) {
      yield {
        field,
        message: `there is no column ${quote(name)}; the names are those of the first row`,
      };
    }
  }
  for (const name of Object.keys(leaveOut)) {
    if (name === target) {
      yield {
        field: 'data.leaveOut',
        message: `${quote(name)} is the column to predict; leave it in, or predict another`,
      };
    } else if (Object.hasOwn(keep, name)) {
      yield {
        field: 'data.keep',
        message: `${quote(name)} is in data.leaveOut too; name it in one of both`,
      };
    }
  }
}

function* checkSplit(
  profile: TableProfile,
  target: string,
  { by, column, testSize }: DataSplit,
): Generator<TableChoiceProblem> {
  if (by === 'group' && column === undefined) {
    yield {
      field: 'data.split.column',
      message: 'give the column that says what rows have in common',
    };
  }
  if (by === 'rows' && column !== undefined) {
    yield {
      field: 'data.split.column',
      message: 'a split by rows has no column; leave it out, or split by group',
    };
  } else if (
    column !== undefined &&
    (column === target || !profile.columns.some(({ name }) => name === column))
  ) {
    yield {
      field: 'data.split.column',
      message: `${quote(column)} is no column beside the target; the names are those of the first row`,
    };
  }
  if (
    testSize !== undefined &&
    !(testSize >= MIN_TEST_SIZE && testSize <= MAX_TEST_SIZE)
  ) {
    yield {
      field: 'data.split.testSize',
      message: `give a share from ${MIN_TEST_SIZE} to ${MAX_TEST_SIZE}`,
    };
  }
}

function* checkRead(
  profile: TableProfile,
  findings: Finding[],
  read: Record<string, ReadAnswer>,
): Generator<TableChoiceProblem> {
  for (const [name, answer] of Object.entries(read)) {
    const asked = findings.filter(
      ({ column, answers }) =>
        column === name &&
        answers.some(each => READ_ANSWERS.some(known => known === each)),
    );
    const isKnown = profile.columns.some(column => column.name === name);
    if (isKnown && !asked.some(({ answers }) => answers.includes(answer))) {
      const answers = asked.flatMap(each => each.answers);
      yield {
        field: `data.read.${name}`,
        message:
          answers.length > 0
            ? `'${answer}' is no answer; choose ${answers.join(' or ')}`
            : `nothing is doubtful in ${quote(name)}; leave it out of data.read`,
      };
    }
  }
}

const isAboutColumn = ({ answers }: Finding) => answers.includes('leave-out');
const isAboutCells = ({ answers }: Finding) =>
  answers.some(each => READ_ANSWERS.some(known => known === each));

/**
 * What has been answered to a finding; its proposal where nothing was.
 *
 * @public
 */
export function getAnswer(
  finding: Finding,
  { leaveOut = {}, keep = {}, read = {} }: TableChoices,
): Finding['proposal'] {
  const { column = '' } = finding;
  if (isAboutCells(finding)) {
    return Object.hasOwn(read, column) ? read[column] : finding.proposal;
  }
  if (Object.hasOwn(leaveOut, column)) {
    return 'leave-out';
  }
  return Object.hasOwn(keep, column) ? 'keep' : finding.proposal;
}

/**
 * Completes what a person said of a table by what the findings propose; form and
 * action ask here. By group, the column of the group is left out unless it is
 * kept: who the next rows belong to is not known.
 *
 * @param options - `findings`: of {@link inspectTable}, with the same `read`
 * @public
 */
export function resolveTableChoices(
  profile: TableProfile,
  options: { target: string; findings: Finding[]; choices: TableChoices },
): ResolvedTableChoices {
  const { target, findings, choices } = options;
  const split = choices.split ??
    findings.find(each => each.split)?.split ?? { by: 'rows' };
  const reasons = new Map(
    Object.entries(choices.leaveOut ?? {}).map(([name, why]) => [
      name,
      why || 'left out by its owner',
    ]),
  );
  const kept = new Map(
    Object.entries(choices.keep ?? {}).map(([name, why]) => [
      name,
      why || 'kept by its owner',
    ]),
  );
  for (const finding of findings) {
    const { column = '', code } = finding;
    const answer = getAnswer(finding, choices);
    if (answer === 'leave-out' && !reasons.has(column)) {
      reasons.set(column, describeReason(finding));
    } else if (answer && isAboutCells(finding) && !kept.has(column)) {
      kept.set(column, `${code}: ${answer}`);
    } else if (answer === 'keep' && !kept.has(column)) {
      kept.set(column, code);
    }
    if (finding.split && finding.split.by !== split.by && !kept.has(column)) {
      kept.set(column, `${code}: split by ${split.by}`);
    }
  }
  const features = profile.columns.filter(
    ({ name }) => name !== target && !reasons.has(name),
  );
  return {
    leaveOut: Object.fromEntries(reasons),
    keep: Object.fromEntries(kept),
    read: Object.fromEntries(
      findings.filter(isAboutCells).flatMap(finding => {
        const answer = READ_ANSWERS.find(
          each => each === getAnswer(finding, choices),
        );
        return answer && finding.column ? [[finding.column, answer]] : [];
      }),
    ),
    split,
    open: findings.filter(
      finding =>
        finding.answers.length > 0 && getAnswer(finding, choices) === undefined,
    ),
    problems: [
      ...checkNames(profile, target, choices),
      ...checkRead(profile, findings, choices.read ?? {}),
      ...checkSplit(profile, target, split),
      ...(features.length === 0
        ? [
            {
              field: 'data.leaveOut',
              message: 'no column is left to learn from; keep one (data.keep)',
            },
          ]
        : []),
    ],
  };
}

/**
 * What has to be answered before the table can be learnt from, by field.
 *
 * @public
 */
export function describeOpenFinding(finding: Finding): TableChoiceProblem {
  const { column = '', answers } = finding;
  const sentence = describeFinding(finding);
  return isAboutColumn(finding)
    ? {
        field: 'data.leaveOut',
        message: `${sentence} Name ${quote(column)} in data.leaveOut, or in data.keep`,
      }
    : {
        field: `data.read.${column}`,
        message: `${sentence} Answer ${answers.map(each => `'${each}'`).join(' or ')}`,
      };
}
