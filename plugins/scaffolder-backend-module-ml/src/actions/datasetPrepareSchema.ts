// SPDX-License-Identifier: Apache-2.0
import type { Zod } from './schemaParts';

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
    csvUrlWithSecret: (z: Zod) =>
      z
        .string()
        .describe(
          'The same address with what opens it, from a secret of the task; another one is ignored',
        )
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
  },
};
