// SPDX-License-Identifier: Apache-2.0
import { createPermission } from '@backstage/plugin-permission-common';

/**
 * Allows reading MLflow runs and versions of an entity, on top of
 * `catalog.entity.read` for that entity.
 *
 * @public
 */
export const mlflowReadPermission = createPermission({
  name: 'mlflow.read',
  attributes: { action: 'read' },
});

/**
 * All permissions of the MLflow plugin.
 *
 * @public
 */
export const mlflowPermissions = [mlflowReadPermission];
