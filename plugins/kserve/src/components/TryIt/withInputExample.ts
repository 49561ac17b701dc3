// SPDX-License-Identifier: Apache-2.0
import type {
  KserveModelMetadata,
  KserveTensor,
} from '@greenroom/plugin-kserve-common';
import type { MlflowInputExample } from '@greenroom/plugin-mlflow-common';
import { writeBody } from './requests';
import { formatInput, parseInput } from './tensors';

function toValues(
  inputs: readonly KserveTensor[],
  example: MlflowInputExample,
): Map<string, unknown> | undefined {
  if ('row' in example) {
    return inputs.length === 1
      ? new Map([[inputs[0].name, example.row]])
      : undefined;
  }
  const { columns } = example;
  const names = Object.keys(columns);
  if (inputs.every(({ name }) => Object.hasOwn(columns, name))) {
    return new Map(inputs.map(({ name }) => [name, columns[name]]));
  }
  // A server that takes a table as one tensor: its columns in their order.
  return inputs.length === 1
    ? new Map([[inputs[0].name, names.map(name => columns[name])]])
    : undefined;
}

/**
 * The metadata with requests that begin with the example's values, in the form in which the server
 * takes them; undefined where the example is not one of this model's inputs.
 */
export function withInputExample(
  metadata: KserveModelMetadata,
  example: MlflowInputExample,
): KserveModelMetadata | undefined {
  const values = toValues(metadata.inputs, example);
  const fits =
    values &&
    metadata.inputs.every(
      input =>
        !(
          'problem' in
          parseInput(input, formatInput(input, values.get(input.name)))
        ),
    );
  return fits
    ? {
        ...metadata,
        examples: Object.fromEntries(
          metadata.protocols.map(protocol => [
            protocol,
            writeBody(metadata, protocol, values),
          ]),
        ),
      }
    : undefined;
}
