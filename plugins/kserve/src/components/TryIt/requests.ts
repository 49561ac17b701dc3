// SPDX-License-Identifier: Apache-2.0
import type {
  KserveModelMetadata,
  KserveTensor,
} from '@greenroom/plugin-kserve-common';
import { formatInput, getInputKind, getRowShape, getRowSize } from './tensors';

export type Protocol = 'v1' | 'v2';

/** Texts of the form by tensor. */
export type Texts = Readonly<Record<string, string>>;

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const isScalar = (tensor: KserveTensor) => getInputKind(tensor) !== 'list';

/** The value of each tensor in a v1 instance, whichever way it is written. */
function readInstance(inputs: readonly KserveTensor[], instance: unknown) {
  if (isObject(instance)) {
    return new Map(inputs.map(({ name }) => [name, instance[name]]));
  }
  const [only] = inputs;
  if (inputs.length === 1 && isScalar(only) !== Array.isArray(instance)) {
    return new Map([[only.name, instance]]);
  }
  if (
    Array.isArray(instance) &&
    instance.length === inputs.length &&
    inputs.every(isScalar)
  ) {
    return new Map(inputs.map(({ name }, index) => [name, instance[index]]));
  }
  return undefined;
}

/** The first row of a v2 request. */
function readTensors(inputs: readonly KserveTensor[], tensors: unknown) {
  const byName = new Map(
    toArray(tensors)
      .filter(isObject)
      .map(tensor => [tensor.name, tensor]),
  );
  if (inputs.some(({ name }) => !byName.has(name))) {
    return undefined;
  }
  return new Map(
    inputs.map(input => {
      const data = toArray(byName.get(input.name)?.data).flat(Infinity);
      const row = data.slice(0, getRowSize(input) ?? data.length);
      return [input.name, isScalar(input) ? row[0] : row];
    }),
  );
}

/** The form's texts of a request; undefined when the form cannot show it. */
export function readTexts(
  { inputs }: KserveModelMetadata,
  protocol: Protocol,
  body: unknown,
): Texts | undefined {
  if (inputs.length === 0 || !isObject(body)) {
    return undefined;
  }
  const values =
    protocol === 'v2'
      ? readTensors(inputs, body.inputs)
      : readInstance(inputs, toArray(body.instances)[0]);
  return (
    values &&
    Object.fromEntries(
      inputs.map(input => [
        input.name,
        formatInput(input, values.get(input.name)),
      ]),
    )
  );
}

function writeInstance(
  inputs: readonly KserveTensor[],
  example: unknown,
  values: ReadonlyMap<string, unknown>,
) {
  const first = isObject(example) ? toArray(example.instances)[0] : undefined;
  const list = inputs.map(({ name }) => values.get(name));
  if (first === undefined || isObject(first)) {
    return Object.fromEntries([
      ...Object.entries(first ?? {}),
      ...inputs.map(({ name }, index) => [name, list[index]] as const),
    ]);
  }
  const isOnlyValue =
    inputs.length === 1 && isScalar(inputs[0]) !== Array.isArray(first);
  return isOnlyValue ? list[0] : list;
}

function writeTensor(input: KserveTensor, example: unknown, value: unknown) {
  const data = Array.isArray(value) ? value.flat(Infinity) : [value];
  const row = getRowShape(input);
  const isOpen = row.some(length => length < 0);
  const hasBatch = row.length < input.shape.length;
  return {
    ...(isObject(example) && example),
    name: input.name,
    datatype: input.datatype,
    shape: [...(hasBatch ? [1] : []), ...(isOpen ? [data.length] : row)],
    data,
  };
}

/**
 * A request of one row. What an example holds beyond its values (content types,
 * parameters) is kept.
 */
export function writeBody(
  { examples, inputs }: KserveModelMetadata,
  protocol: Protocol,
  values: ReadonlyMap<string, unknown>,
) {
  const example = examples[protocol];
  const kept = isObject(example) ? example : {};
  if (protocol === 'v1') {
    return { ...kept, instances: [writeInstance(inputs, example, values)] };
  }
  const tensors = toArray(kept.inputs).filter(isObject);
  return {
    ...kept,
    inputs: inputs.map(input =>
      writeTensor(
        input,
        tensors.find(({ name }) => name === input.name),
        values.get(input.name),
      ),
    ),
  };
}

/** What stands in the form at first: the example, or nothing. */
export function getFirstTexts(
  metadata: KserveModelMetadata,
  protocol: Protocol,
): Texts | undefined {
  const example = metadata.examples[protocol];
  if (example !== undefined) {
    return readTexts(metadata, protocol, example);
  }
  return metadata.inputs.length > 0
    ? Object.fromEntries(
        metadata.inputs.map(input => [
          input.name,
          formatInput(input, undefined),
        ]),
      )
    : undefined;
}

/** Where the model server takes the request. */
export function getPredictPath(name: string, protocol: Protocol) {
  const model = encodeURIComponent(name);
  return protocol === 'v1'
    ? `/v1/models/${model}:predict`
    : `/v2/models/${model}/infer`;
}
