// SPDX-License-Identifier: Apache-2.0
import type {
  MlflowErrorCode,
  MlflowExperimentSummary,
  MlflowInstanceError,
  MlflowRegisteredModelSummary,
} from '@greenroom/plugin-mlflow-common';

type Summary = MlflowExperimentSummary | MlflowRegisteredModelSummary;

const ABSENT: ReadonlySet<Summary['state']> = new Set([
  'missing',
  'deleted',
  'not-allowed',
]);

const SAID_BY_STATE: ReadonlySet<MlflowErrorCode> = new Set([
  'NOT_FOUND',
  'OTHER_COMPONENT',
  'UNMARKED',
]);

/** Whether it is known that a reference leads to no data. */
export function isAbsent({ state }: Summary) {
  return ABSENT.has(state);
}

/** Whether it is refused because it bears no component's mark. */
export function isUnmarked(
  { instance, name }: Summary,
  errors: readonly MlflowInstanceError[],
) {
  const refusals = errors.filter(
    error =>
      error.instance === instance &&
      (error.code === 'UNMARKED' || error.code === 'OTHER_COMPONENT'),
  );
  const own = refusals.filter(({ message }) => message.includes(`'${name}'`));
  return (own.length > 0 ? own : refusals).some(
    ({ code }) => code === 'UNMARKED',
  );
}

/** The errors that no sentence about a reference says already. */
export function getUnsaid(
  errors: readonly MlflowInstanceError[],
  summaries: readonly Summary[],
) {
  return errors.filter(
    ({ code, instance }) =>
      !SAID_BY_STATE.has(code) ||
      !summaries.some(
        summary => summary.instance === instance && isAbsent(summary),
      ),
  );
}
