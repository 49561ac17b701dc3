import type {
  MlflowErrorCode,
  MlflowInstanceError,
} from '@greenroom/plugin-mlflow-common';

const ANSWERED: ReadonlySet<MlflowErrorCode> = new Set([
  'NOT_FOUND',
  'BAD_REQUEST',
]);

/** Whether an instance gave no answer, so that "none" must not be concluded. */
export function isUnknown(errors: readonly MlflowInstanceError[]) {
  return errors.some(({ code }) => !ANSWERED.has(code));
}
