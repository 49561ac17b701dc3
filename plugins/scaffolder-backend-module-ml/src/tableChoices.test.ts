// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import type { JsonObject } from '@backstage/types';
import type { ReadAnswer } from '@greenroom/plugin-scaffolder-ml-common';
import { createDatasetPrepareAction } from './actions/createDatasetPrepareAction';

jest.setTimeout(120_000);

const directory = createMockDirectory();

type Cell = string | number;

// As JSON: an interface would not do.
type TableChoices = {
  leaveOut?: Record<string, string>;
  keep?: Record<string, string>;
  read?: Record<string, ReadAnswer>;
  split?: { by: 'rows' | 'time' | 'group'; column?: string; testSize?: number };
};

const table = (columns: Record<string, (row: number) => Cell>, rows = 300) =>
  [
    Object.keys(columns).join(','),
    ...Array.from({ length: rows }, (_, row) =>
      Object.values(columns)
        .map(cell => cell(row))
        .join(','),
    ),
  ].join('\n');

/** Runs the action as a program does, without the form. */
const prepare = async (
  content: string,
  choices: TableChoices = {},
  task: 'classification' | 'regression' = 'classification',
) => {
  directory.clear();
  const outputs: JsonObject = {};
  const logger = mockServices.logger.mock();
  await createDatasetPrepareAction({
    urlReader: mockServices.urlReader.mock(),
  }).handler({
    ...createMockActionContext({
      input: {
        name: 'churn-model',
        dataset: 'csv',
        target: 'y',
        task,
        csvUpload: `data:text/csv;base64,${Buffer.from(content).toString('base64')}`,
        ...choices,
      },
      workspacePath: directory.path,
      logger,
    }),
    output: (key, value) => {
      Object.assign(outputs, { [key]: value });
    },
  });
  const schema = JSON.parse(
    fs.readFileSync(path.join(directory.path, 'data/schema.json'), 'utf8'),
  );
  return {
    outputs,
    schema,
    log: [...logger.info.mock.calls, ...logger.warn.mock.calls]
      .map(([message]) => message)
      .join('\n'),
  };
};

const NAMES = ['US', 'NA', 'DE', 'FR', 'ZA'];
const columns = {
  id: (row: number) => row + 1,
  age: (row: number) => (row * 7) % 45,
  y: (row: number) => (row % 2 ? 'no' : 'yes'),
};
const day = (row: number) =>
  new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10);

describe('a program that sends no choices', () => {
  it('gets what the table speaks for, and reads in the log what was done', async () => {
    const { outputs, log } = await prepare(
      table({ ...columns, seen: day, y: columns.y }),
    );
    expect(outputs).toMatchObject({
      leaveOut: { id: 'counts the rows' },
      keep: {},
      split: { by: 'time', column: 'seen' },
      features: [
        { name: 'age', type: 'number' },
        { name: 'seen', type: 'date' },
      ],
      findings: [
        expect.objectContaining({ code: 'time-order', column: 'seen' }),
        expect.objectContaining({ code: 'index-column', column: 'id' }),
      ],
      constant: { answer: 'yes', share: 0.5 },
    });
    expect(log).toContain('"id" counts the rows: 1, 2, 3, …');
    expect(log).toContain(
      '"id" is left out: counts the rows. Name it in data.keep to learn from it',
    );
    expect(log).toContain('Held out are the newest rows by "seen"');
  });

  it('is refused where only a person knows, by field, with what would be right', async () => {
    const content = table({
      ...columns,
      leak: row => (row % 2 ? 0 : 1),
      seen: row => `0${1 + (row % 9)}/0${1 + ((row * 5) % 9)}/2024`,
      country: row => NAMES[(row * 3) % 5],
      y: columns.y,
    });
    await expect(prepare(content)).rejects.toThrow(
      /^data: the table leaves questions open\.\n- data\.read\.seen: .*day or the month is first\. Answer 'day-first' or 'month-first'\n- data\.read\.country: .* Answer 'value' or 'missing'\n- data\.leaveOut: "leak" alone tells "y" in 100 % .* Name "leak" in data\.leaveOut, or in data\.keep$/,
    );
    const { outputs, schema } = await prepare(content, {
      leaveOut: { leak: 'the answer itself' },
      read: { seen: 'month-first', country: 'value' },
      split: { by: 'rows', testSize: 0.3 },
    });
    expect(outputs).toMatchObject({
      leaveOut: { id: 'counts the rows', leak: 'the answer itself' },
      keep: {
        seen: 'ambiguous-date: month-first',
        country: 'na-as-value: value',
      },
      split: { by: 'rows', testSize: 0.3 },
    });
    expect(schema.columns).toContainEqual(
      expect.objectContaining({ name: 'seen', format: '%m/%d/%Y' }),
    );
    expect(schema.columns).toContainEqual({
      name: 'country',
      type: 'category',
      missing: false,
      values: [...NAMES].sort(),
      present: ['NA'],
    });
    // Nothing else in the table is missing.
    expect(schema.csv.missing).toEqual(['']);
  });
});

it('names the cells that are no number, and keeps the column one', async () => {
  const { log, schema } = await prepare(
    table({ ...columns, mass: row => (row === 40 ? '[98]' : row * 1.5) }),
  );
  expect(log).toContain(
    '"mass" holds numbers, but for 1 cells: "[98]" (row 42). As numbers, these are missing.',
  );
  expect(schema.columns[3]).toMatchObject({
    name: 'mass',
    type: 'number',
    unreadable: ['[98]'],
  });
});

it.each<[TableChoices, RegExp]>([
  [{ keep: { idd: '' } }, /^data\.keep: there is no column "idd"/],
  [{ split: { by: 'group' } }, /^data\.split\.column: give the column/],
  [{ read: { age: 'text' } }, /^data\.read\.age: nothing is doubtful in "age"/],
])('refuses choices that are none of the table: %j', async (choices, error) => {
  await expect(prepare(table(columns), choices)).rejects.toThrow(error);
});
