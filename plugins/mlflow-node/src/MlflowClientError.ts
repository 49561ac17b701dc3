// SPDX-License-Identifier: Apache-2.0
import type { MlflowErrorCode } from '@greenroom/plugin-mlflow-common';

const RETRYABLE: ReadonlySet<MlflowErrorCode> = new Set([
  'UNREACHABLE',
  'TIMEOUT',
  'RATE_LIMITED',
  'SERVER_ERROR',
]);

/**
 * Why a call to an MLflow instance failed. `message` is a sentence for a person:
 * it holds no credential and no response body, except MLflow's own sentence
 * about a bad request.
 *
 * @public
 */
export class MlflowClientError extends Error {
  readonly name = 'MlflowClientError';
  /** Name of the instance as configured. */
  readonly instance: string;
  readonly code: MlflowErrorCode;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** HTTP status of the answer, when there was one. */
  readonly status?: number;
  /**
   * MLflow's own `error_code`, e.g. `RESOURCE_ALREADY_EXISTS`; see
   * https://github.com/mlflow/mlflow/blob/master/mlflow/protos/databricks.proto.
   */
  readonly errorCode?: string;

  constructor(options: {
    instance: string;
    code: MlflowErrorCode;
    message: string;
    status?: number;
    errorCode?: string;
    cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.instance = options.instance;
    this.code = options.code;
    this.retryable = RETRYABLE.has(options.code);
    this.status = options.status;
    this.errorCode = options.errorCode;
  }
}
