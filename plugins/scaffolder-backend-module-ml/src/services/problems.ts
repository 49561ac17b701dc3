// SPDX-License-Identifier: Apache-2.0
import { InputError } from '@backstage/errors';

/** A value of the form that will not do, and what would. */
export interface Problem {
  /** The parameter, for example `repository.name`. */
  field: string;
  message: string;
}

/**
 * Says everything that is wrong at once, by field.
 *
 * @throws InputError unless nothing is wrong
 */
export function refuseProblems(problems: Problem[]): void {
  if (problems.length === 0) {
    return;
  }
  const lines = problems.map(({ field, message }) => `${field}: ${message}.`);
  throw new InputError(
    `Nothing was made. Go back to the form (Start over keeps what you entered) and change:\n- ${lines.join(
      '\n- ',
    )}`,
  );
}
