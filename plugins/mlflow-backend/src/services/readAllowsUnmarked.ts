// SPDX-License-Identifier: Apache-2.0
import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';

const KEY = 'mlflow.access.unmarked';

/**
 * Whether experiments and registered models without a mark are read.
 *
 * @throws InputError that names the config key.
 */
export function readAllowsUnmarked(config: RootConfigService): boolean {
  const value = config.getOptionalString(KEY) ?? 'allow';
  if (value !== 'allow' && value !== 'deny') {
    throw new InputError(`Invalid config at '${KEY}': must be allow or deny`);
  }
  return value === 'allow';
}
