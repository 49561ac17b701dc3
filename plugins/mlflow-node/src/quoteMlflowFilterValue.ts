// SPDX-License-Identifier: Apache-2.0
import { InputError } from '@backstage/errors';

/**
 * Quotes a string for MLflow's filter expressions, e.g. in `name = 'churn'`.
 * MLflow's filter grammar has no escape character: a text with both kinds of
 * quotes cannot be written.
 *
 * @throws InputError for a text that MLflow's filters cannot express.
 * @public
 */
export function quoteMlflowFilterValue(value: string): string {
  if (value.includes("'") && value.includes('"')) {
    throw new InputError(
      'MLflow cannot search for a text with both single and double quotes',
    );
  }
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}
