// SPDX-License-Identifier: Apache-2.0
import type { MlflowErrorCode } from '@greenroom/plugin-mlflow-common';
import { z } from 'zod';
import { MlflowClientError } from './MlflowClientError';
import type { MlflowInstanceConfig } from './readMlflowInstances';

const errorBodySchema = z.object({
  error_code: z.union([z.string(), z.number()]).transform(String),
  message: z.string().catch(''),
});

// https://github.com/mlflow/mlflow/blob/master/mlflow/protos/databricks.proto
const CODES: Record<string, MlflowErrorCode | undefined> = {
  RESOURCE_DOES_NOT_EXIST: 'NOT_FOUND',
  NOT_FOUND: 'NOT_FOUND',
  ENDPOINT_NOT_FOUND: 'NOT_FOUND',
  INVALID_PARAMETER_VALUE: 'BAD_REQUEST',
  BAD_REQUEST: 'BAD_REQUEST',
  MALFORMED_REQUEST: 'BAD_REQUEST',
  INVALID_STATE: 'BAD_REQUEST',
  RESOURCE_ALREADY_EXISTS: 'BAD_REQUEST',
  RESOURCE_CONFLICT: 'BAD_REQUEST',
  RESOURCE_LIMIT_EXCEEDED: 'BAD_REQUEST',
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  CUSTOMER_UNAUTHORIZED: 'UNAUTHENTICATED',
  PERMISSION_DENIED: 'NOT_ALLOWED',
  REQUEST_LIMIT_EXCEEDED: 'RATE_LIMITED',
  TEMPORARILY_UNAVAILABLE: 'SERVER_ERROR',
  SERVICE_UNDER_MAINTENANCE: 'SERVER_ERROR',
  WORKSPACE_TEMPORARILY_UNAVAILABLE: 'SERVER_ERROR',
  INTERNAL_ERROR: 'SERVER_ERROR',
};

// What Python's shlex says of an `order_by` with half a pair of quotes; MLflow
// takes that for a fault of its own.
const UNBALANCED = /^No (?:closing quotation|escaped character)$/;

function codeOfStatus(status: number): MlflowErrorCode {
  switch (status) {
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'NOT_ALLOWED';
    case 404:
      return 'NOT_FOUND';
    case 408:
    case 504:
      return 'TIMEOUT';
    case 429:
      return 'RATE_LIMITED';
    default:
      return status >= 500 ? 'SERVER_ERROR' : 'BAD_REQUEST';
  }
}

function parseErrorBody(text: string) {
  try {
    return errorBodySchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

// MLflow appends the failed SQL statement and its parameters to some messages.
const SQL_DETAILS = /(?<!\s)\s*(?:Error:\s*)?\([\w.]+Error\)[^]*$/;

/** Takes out SQL, control characters, length and the instance's credentials. */
function clean(text: string, instance: MlflowInstanceConfig): string {
  let cleaned = text.slice(0, 4000).replace(SQL_DETAILS, '');
  for (const value of Object.values(instance.headers)) {
    for (const secret of [value, value.replace(/^(?:Basic|Bearer) /, '')]) {
      if (secret.length >= 4) {
        cleaned = cleaned.replaceAll(secret, '***');
      }
    }
  }
  cleaned = cleaned.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return cleaned.length > 500 ? `${cleaned.slice(0, 500)}…` : cleaned;
}

function describe(
  instance: MlflowInstanceConfig,
  code: MlflowErrorCode,
  response: { status: number; text: string },
  body: z.infer<typeof errorBodySchema> | undefined,
): string {
  const server = `MLflow instance '${instance.name}'`;
  const { status } = response;
  switch (code) {
    case 'UNAUTHENTICATED':
      return `${server} does not accept the configured credentials (HTTP ${status})`;
    case 'NOT_ALLOWED':
      return /invalid host header/i.test(response.text)
        ? `${server} refuses the host name it is called by: add it to MLFLOW_SERVER_ALLOWED_HOSTS of the server`
        : `${server} does not allow this with the configured credentials (HTTP ${status})`;
    case 'RATE_LIMITED':
      return `${server} is called too often and asks to wait (HTTP ${status})`;
    case 'TIMEOUT':
      return `${server} did not answer in time (HTTP ${status})`;
    case 'SERVER_ERROR':
      return `${server} failed to answer (HTTP ${status})`;
    case 'NOT_FOUND':
      return body
        ? `${server}: ${clean(body.message, instance) || 'not found'}`
        : `${server} has no MLflow REST API at the configured address (HTTP 404)`;
    default:
      return body?.message
        ? clean(body.message, instance)
        : `${server} refused the request (HTTP ${status})`;
  }
}

/**
 * Translates an answer with an error status. MLflow's `error_code` wins over
 * the HTTP status, since MLflow has answered 400 and 500 for the same thing.
 *
 * @internal
 */
export function toMlflowClientError(
  instance: MlflowInstanceConfig,
  response: { status: number; text: string },
): MlflowClientError {
  const body = parseErrorBody(response.text);
  const code =
    body && UNBALANCED.test(body.message)
      ? 'BAD_REQUEST'
      : ((body && CODES[body.error_code]) ?? codeOfStatus(response.status));
  return new MlflowClientError({
    instance: instance.name,
    code,
    message: describe(instance, code, response, body),
    status: response.status,
    errorCode: body?.error_code,
  });
}
