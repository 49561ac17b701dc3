// SPDX-License-Identifier: Apache-2.0
import {
  listFeatures,
  type ColumnSchema,
  type DataFeature,
  type DataSchema,
} from '@greenroom/plugin-scaffolder-ml-common';

/** Of what Python's `strptime` knows: 9 February 2026, 08:30. */
const PARTS: Record<string, string> = {
  Y: '2026',
  y: '26',
  m: '02',
  d: '09',
  b: 'Feb',
  B: 'February',
  H: '08',
  M: '30',
  S: '00',
  f: '000000',
  z: '+0000',
};

/**
 * A value that a column may hold, for the example of the model's API: of what
 * `data/schema.json` says, and not a cell of somebody's row. None of a free text.
 */
function exampleOf(column: ColumnSchema): number | string | undefined {
  switch (column.type) {
    case 'number':
      return column.minimum;
    case 'boolean':
      return column.true?.[0];
    case 'category':
      return column.values?.[0];
    case 'date':
      return column.format?.replace(
        /%([A-Za-z])/g,
        (text, part: string) => PARTS[part] ?? text,
      );
    default:
      return undefined;
  }
}

/** The columns that the model takes, each with an example where it has one. */
export function listExampleFeatures(
  schema: DataSchema,
  leaveOut: Record<string, string>,
): Array<DataFeature & { example: number | string | undefined }> {
  const examples = new Map(
    schema.columns.map(column => [column.name, exampleOf(column)]),
  );
  return listFeatures(schema)
    .filter(({ name }) => !(name in leaveOut))
    .map(feature => ({ ...feature, example: examples.get(feature.name) }));
}
