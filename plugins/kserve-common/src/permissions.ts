// SPDX-License-Identifier: Apache-2.0
import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Allows reading what KServe serves of an entity, on top of
 * `catalog.entity.read` for that entity.
 *
 * @public
 */
export const kserveReadPermission = createPermission({
  name: 'kserve.read',
  attributes: { action: 'read' },
});

/**
 * Allows reading the logs of its containers, on top of `kserve.read`.
 *
 * @public
 */
export const kserveLogsReadPermission = createPermission({
  name: 'kserve.logs.read',
  attributes: { action: 'read' },
});

/**
 * Allows sending requests to the model, on top of `kserve.read`.
 *
 * @public
 */
export const kservePredictPermission = createPermission({
  name: 'kserve.predict',
  attributes: {},
});

/**
 * All permissions of the KServe plugin.
 *
 * @public
 */
export const kservePermissions = [
  kserveReadPermission,
  kserveLogsReadPermission,
  kservePredictPermission,
];
