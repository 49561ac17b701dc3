// SPDX-License-Identifier: Apache-2.0
import type {
  KserveModelMetadata,
  KserveTensor,
} from '@greenroom/plugin-kserve-common';

const MAX_VALUES = 1_000;

function toValue(datatype: string): unknown {
  if (datatype === 'BYTES') {
    return '';
  }
  return datatype === 'BOOL' ? false : 0;
}

/** Nested as the shape says, -1 (any length) as 1. */
function fill(shape: number[], value: unknown): unknown {
  const [length, ...rest] = shape;
  return length === undefined
    ? value
    : Array.from({ length }, () => fill(rest, value));
}

/**
 * Whole request bodies to begin with: a tensor of zeros for each input by v2, one
 * instance by v1. Empty where the model says nothing of its inputs or they are large.
 */
export function toExamples(
  inputs: KserveTensor[],
  protocols: KserveModelMetadata['protocols'],
): KserveModelMetadata['examples'] {
  const tensors = inputs.map(({ datatype, name, shape }) => ({
    name,
    datatype,
    shape: shape.map(length => (length < 1 ? 1 : Math.trunc(length))),
  }));
  const sizes = tensors.map(({ shape }) =>
    shape.reduce((product, length) => product * length, 1),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (tensors.length === 0 || total > MAX_VALUES) {
    return {};
  }
  const [first] = tensors;
  const instance =
    tensors.length === 1 && first.shape.length > 1
      ? fill(first.shape.slice(1), toValue(first.datatype))
      : Object.fromEntries(
          tensors.map(({ datatype, name }) => [name, toValue(datatype)]),
        );
  const examples = {
    v1: { instances: [instance] },
    v2: {
      inputs: tensors.map((tensor, index) => ({
        ...tensor,
        data: Array.from({ length: sizes[index] }, () =>
          toValue(tensor.datatype),
        ),
      })),
    },
  };
  return Object.fromEntries(
    protocols.map(protocol => [protocol, examples[protocol]]),
  );
}
