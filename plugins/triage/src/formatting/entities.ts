// SPDX-License-Identifier: Apache-2.0

/** The name of an entity as people say it: `user:default/jane` is `jane`. */
export function formatEntityName(entityRef: string) {
  return entityRef.slice(entityRef.lastIndexOf('/') + 1);
}
