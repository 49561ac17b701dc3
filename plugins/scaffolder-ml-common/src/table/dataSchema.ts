// SPDX-License-Identifier: Apache-2.0
import type { ColumnSchema, CsvDialect, TableProfile } from './tableProfile';

/**
 * Where the table is: in the repository, or at an address, because it is too
 * large for a repository; then it is downloaded to `file`.
 *
 * @public
 */
export type DataSource =
  | { file: string }
  | { file: string; url: string; sha256: string; bytes: number };

/**
 * `data/schema.json` of a repository: how its table is written and what it
 * holds. A column that it does not list is not used: a column without a name is
 * the index that a data frame was saved with.
 *
 * @public
 */
export interface DataSchema {
  version: 1;
  csv: CsvDialect;
  source: DataSource;
  /** Rows below the header that are not blank, those without a target among them. */
  rows: number;
  target: string;
  columns: ColumnSchema[];
}

/**
 * Writes down what a table was found to hold.
 *
 * @public
 */
export function toDataSchema(
  profile: TableProfile,
  options: { source: DataSource; target: string },
): DataSchema {
  return {
    version: 1,
    csv: profile.csv,
    source: options.source,
    rows: profile.rows,
    target: options.target,
    columns: profile.columns.map(
      ({
        count,
        blanks,
        distinct,
        noNumber,
        formats,
        mostNumbers,
        markers,
        ...column
      }) => column,
    ),
  };
}

/**
 * A column that the model learns from.
 *
 * @public
 */
export type DataFeature = Pick<ColumnSchema, 'name' | 'type'>;

/**
 * The columns that the model learns from, in their order.
 *
 * @public
 */
export function listFeatures({ columns, target }: DataSchema): DataFeature[] {
  return columns
    .filter(({ name }) => name !== target)
    .map(({ name, type }) => ({ name, type }));
}

/**
 * Whether its values are texts. Dates and words for yes and no become numbers.
 *
 * @public
 */
export function isTextFeature({ type }: DataFeature): boolean {
  return type === 'category' || type === 'text';
}
