// SPDX-License-Identifier: Apache-2.0
import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { mlflowReadPermission } from '@greenroom/plugin-mlflow-common';

/**
 * For every door through which a user learns something of MLflow by the portal's
 * own rights.
 *
 * @throws NotAllowedError unless the caller holds `mlflow.read`.
 * @public
 */
export async function authorizeMlflowRead(
  permissions: PermissionsService,
  credentials: BackstageCredentials,
): Promise<void> {
  const [{ result }] = await permissions.authorize(
    [{ permission: mlflowReadPermission }],
    { credentials },
  );
  if (result !== AuthorizeResult.ALLOW) {
    throw new NotAllowedError(
      `You may not read MLflow runs and model versions (${mlflowReadPermission.name})`,
    );
  }
}
