// SPDX-License-Identifier: Apache-2.0
import { READ_ANSWERS } from '@greenroom/plugin-scaffolder-ml-common';
import type { Zod } from './schemaParts';

const split = (z: Zod) =>
  z.object({
    by: z.enum(['rows', 'time', 'group']),
    column: z.string().describe('The date of a row, or its group').optional(),
    testSize: z
      .number()
      .describe('The share of rows that are held out, 0.25')
      .optional(),
  });

/** Input and output of `ml:dataset:prepare`. */
export const datasetPrepareSchema = {
  input: {
    name: (z: Zod) => z.string().describe('Name of the component'),
    dataset: (z: Zod) =>
      z.string().describe('breast_cancer, wine, iris, digits, diabetes or csv'),
    target: (z: Zod) =>
      z.string().describe('The column to predict, of csv').optional(),
    task: (z: Zod) =>
      z
        .enum(['classification', 'regression'])
        .describe('Only csv needs it')
        .optional(),
    csvUpload: (z: Zod) =>
      z.string().describe('The file as a data URL (base64)').optional(),
    csvUrl: (z: Zod) =>
      z.string().describe('Its address, if it is not uploaded').optional(),
    csvPath: (z: Zod) =>
      z
        .string()
        .describe('Or a file of the workspace, as ml:template:read leaves it')
        .optional(),
    csvUrlWithSecret: (z: Zod) =>
      z
        .string()
        .describe(
          'The same address with what opens it, from a secret of the task; another one is ignored',
        )
        .optional(),
    leaveOut: (z: Zod) =>
      z
        .record(z.string())
        .describe(
          'Columns that the model does not learn from, and why (may be empty)',
        )
        .optional(),
    keep: (z: Zod) =>
      z
        .record(z.string())
        .describe('Columns that it learns from in spite of a finding, and why')
        .optional(),
    read: (z: Zod) =>
      z
        .record(z.enum(READ_ANSWERS))
        .describe(
          'How the cells of doubtful columns are read, by column: day-first or month-first, value or missing (NA), number or text',
        )
        .optional(),
    split: (z: Zod) =>
      split(z)
        .describe('How rows are held out; what the table speaks for, or rows')
        .optional(),
  },
  output: {
    dataset: (z: Zod) => z.string().describe('As given'),
    target: (z: Zod) => z.string().describe('The column to predict'),
    task: (z: Zod) =>
      z.enum(['classification', 'regression']).describe('The task'),
    defaultMetric: (z: Zod) => z.string().describe('The metric to begin with'),
    rows: (z: Zod) => z.number().describe('Number of rows'),
    columns: (z: Zod) =>
      z.number().describe('Number of columns with the target'),
    csvFile: (z: Zod) =>
      z.string().describe('Its path in the repository; empty if bundled'),
    schemaFile: (z: Zod) =>
      z.string().describe('data/schema.json; empty if bundled'),
    dataUrl: (z: Zod) =>
      z
        .string()
        .describe(
          'Where csvFile is, if it is large; without what of the query may be a secret',
        ),
    digest: (z: Zod) =>
      z.string().describe('SHA-256 of the file; empty if bundled'),
    features: (z: Zod) =>
      z
        .array(
          z.object({
            name: z.string(),
            type: z.enum(['number', 'boolean', 'date', 'category', 'text']),
          }),
        )
        .describe('The columns that the model learns from, in their order'),
    leaveOut: (z: Zod) =>
      z.record(z.string()).describe('Columns that it does not, and why'),
    keep: (z: Zod) =>
      z
        .record(z.string())
        .describe(
          'Columns with a finding that it learns from, and the finding',
        ),
    read: (z: Zod) =>
      z.record(z.enum(READ_ANSWERS)).describe('How doubtful cells are read'),
    split: (z: Zod) => split(z).describe('How rows are held out'),
    findings: (z: Zod) =>
      z
        .array(
          z.object({
            code: z.string(),
            column: z.string(),
            message: z.string(),
          }),
        )
        .describe('What is wrong or doubtful in the table'),
    constant: (z: Zod) =>
      z
        .object({
          answer: z.string(),
          share: z.number().optional(),
          classes: z.number().optional(),
          metrics: z.record(z.number()),
        })
        .describe('What always giving the same answer scores; not if bundled')
        .optional(),
  },
};
