// SPDX-License-Identifier: Apache-2.0
import type { MlflowInputExample } from '@greenroom/plugin-mlflow-common';
import { z } from 'zod';
import type { MlflowHttp } from './MlflowHttp';
import { ifExists } from './requests';
import type { MlflowCallOptions } from './types';

const frame = z.object({
  columns: z.array(z.union([z.string(), z.number()]).transform(String)),
  data: z.array(z.array(z.unknown())).min(1),
});

const firstOf = (value: unknown): unknown =>
  Array.isArray(value) ? value[0] : value;

const tensors = z.object({
  inputs: z.union([
    z.array(z.unknown()).min(1),
    z.record(z.string(), z.unknown()),
  ]),
});

/**
 * How MLflow writes an example beside a model: pandas' "split" for tables, `inputs` for tensors
 * (`_Example` of mlflow/models/utils.py). Texts and whatever else is no row of a table or tensor.
 */
const example = z.union([
  frame.transform(({ columns, data: [row] }): MlflowInputExample => ({
    columns: Object.fromEntries(
      columns.map((column, index) => [column, row[index]]),
    ),
  })),
  tensors.transform(({ inputs }): MlflowInputExample =>
    Array.isArray(inputs)
      ? { row: firstOf(inputs) }
      : {
          columns: Object.fromEntries(
            Object.entries(inputs).map(([name, value]) => [
              name,
              firstOf(value),
            ]),
          ),
        },
  ),
  z.unknown().transform(() => undefined),
]);

/** @internal */
export async function getInputExample(
  http: MlflowHttp,
  version: { name: string; version: string },
  options?: MlflowCallOptions,
): Promise<MlflowInputExample | undefined> {
  const query = { ...version, path: 'input_example.json' };
  return ifExists(
    http.send(
      {
        method: 'GET',
        path: 'model-versions/get-artifact',
        api: 'none',
        kind: 'read',
        query,
      },
      example,
      options,
    ),
  );
}
