// SPDX-License-Identifier: Apache-2.0

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Without what nobody reads: half of an object can be managedFields. */
export function slim(object: unknown): unknown {
  if (typeof object !== 'object' || object === null) {
    return object;
  }
  const { metadata = {}, ...rest }: { metadata?: object } = object;
  const { annotations, ...others }: { annotations?: object } =
    Object.fromEntries(
      Object.entries(metadata).filter(([name]) => name !== 'managedFields'),
    );
  return {
    ...rest,
    metadata: {
      ...others,
      ...(annotations && {
        annotations: Object.fromEntries(
          Object.entries(annotations).filter(([name]) => name !== LAST_APPLIED),
        ),
      }),
    },
  };
}
