import { InputError } from '@backstage/errors';

/**
 * Quotes a string for MLflow's filter expressions, e.g. in `name = 'churn'`.
 * MLflow's filter grammar has no escape character: a text with both kinds of
 * quotes, or with a control character, cannot be written.
 *
 * @throws InputError for a text that MLflow's filters cannot express.
 * @public
 */
export function quoteMlflowFilterValue(value: string): string {
  if (/\p{Cc}/u.test(value) || (value.includes("'") && value.includes('"'))) {
    throw new InputError(
      'MLflow cannot search for a name with both single and double quotes or with control characters',
    );
  }
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}
