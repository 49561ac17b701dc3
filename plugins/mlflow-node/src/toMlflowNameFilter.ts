// SPDX-License-Identifier: Apache-2.0
import { quoteMlflowFilterValue } from './quoteMlflowFilterValue';

// Wildcards of SQL's LIKE, of SQLite's GLOB, which MLflow makes of it, and what
// databases take for an escape.
const SPECIAL = /['"\\%_*?[\]^]|\p{Cc}/gu;

/**
 * The filter that finds a registered model's name. Where the name has both kinds
 * of quotes, which MLflow's grammar cannot quote, the filter finds names of the
 * same form, too: the caller compares.
 *
 * @internal
 */
export function toMlflowNameFilter(name: string): string {
  return name.includes("'") && name.includes('"')
    ? `name LIKE '${name.replace(SPECIAL, '_')}'`
    : `name = ${quoteMlflowFilterValue(name)}`;
}
