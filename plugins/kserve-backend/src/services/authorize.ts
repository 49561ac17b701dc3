// SPDX-License-Identifier: Apache-2.0
import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import {
  kserveLogsReadPermission,
  kservePredictPermission,
} from '@greenroom/plugin-kserve-common';

/** @throws NotAllowedError that names the permission. */
export async function authorize(
  permissions: PermissionsService,
  credentials: BackstageCredentials,
  permission: BasicPermission,
): Promise<void> {
  const [{ result }] = await permissions.authorize([{ permission }], {
    credentials,
  });
  if (result !== AuthorizeResult.ALLOW) {
    throw new NotAllowedError(`You may not do this (${permission.name})`);
  }
}

/** What the caller may do besides reading. */
export async function readPermissions(
  permissions: PermissionsService,
  credentials: BackstageCredentials,
): Promise<{ logs: boolean; predict: boolean }> {
  const [logs, predict] = await permissions.authorize(
    [
      { permission: kserveLogsReadPermission },
      { permission: kservePredictPermission },
    ],
    { credentials },
  );
  return {
    logs: logs.result === AuthorizeResult.ALLOW,
    predict: predict.result === AuthorizeResult.ALLOW,
  };
}
