// SPDX-License-Identifier: Apache-2.0
const ATTRIBUTES: Record<string, string> = {
  status: 'attributes.status',
  run: 'attributes.run_name',
  started: 'attributes.start_time',
  user: 'tags.`mlflow.user`',
};

/**
 * A column's key in MLflow's `order_by`; undefined if MLflow cannot sort by it.
 * Metrics and parameters are the columns `metric:<name>` and `param:<name>`.
 */
export function toOrderByKey(column: string): string | undefined {
  const [, kind, name] = /^(metric|param):([^`]+)$/.exec(column) ?? [];
  return name ? `${kind}s.\`${name}\`` : ATTRIBUTES[column];
}
