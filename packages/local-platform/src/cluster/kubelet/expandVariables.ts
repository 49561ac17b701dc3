// SPDX-License-Identifier: Apache-2.0

const REFERENCE = /\$(\$|\(([^()$]*)\))/g;

/**
 * Puts the values of variables in the place of `$(NAME)`, as Kubernetes does in commands, arguments and values of variables:
 * `$$` stands for `$`, and a name that is not there stays as it is written.
 */
export function expandVariables(
  text: string,
  values: Record<string, string>,
): string {
  return text.replace(REFERENCE, (whole, kind: string, name: string) => {
    if (kind === '$') {
      return '$';
    }
    return Object.hasOwn(values, name) ? values[name] : whole;
  });
}
