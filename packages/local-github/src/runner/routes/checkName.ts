// SPDX-License-Identifier: Apache-2.0
import { validationFailed } from '../../forge/http/errors';

/** GitHub's rule for names of variables and secrets; they are kept in capitals. */
export function checkName(name: string, resource: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || /^github_/i.test(name)) {
    throw validationFailed({
      resource,
      field: 'name',
      code: 'invalid',
      message:
        'Names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_), must not start with a number and must not start with GITHUB_',
    });
  }
  return name.toUpperCase();
}
