// SPDX-License-Identifier: Apache-2.0
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';

/**
 * The sentences about the parts of an object field. Those about the field as a
 * whole are left out: the form shows them itself.
 */
export function nestedMessages(
  errorSchema: FieldExtensionComponentProps<object>['errorSchema'],
): string[] {
  return Object.values(errorSchema ?? {}).flatMap(part =>
    typeof part === 'object' && part !== null && '__errors' in part
      ? toStrings(part.__errors)
      : [],
  );
}

function toStrings(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === 'string')
    : [];
}
