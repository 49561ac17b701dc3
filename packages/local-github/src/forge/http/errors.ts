// SPDX-License-Identifier: Apache-2.0
const DOCUMENTATION_URL = 'https://docs.github.com/rest';

/** One entry of `errors` in a 422 answer. */
export interface FieldError {
  resource: string;
  field: string;
  /** `missing`, `missing_field`, `invalid`, `already_exists`, `unprocessable` or `custom`. */
  code: string;
  message?: string;
}

/** An answer in GitHub's form: `{ message, errors?, documentation_url, status }`. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors?: FieldError[];

  constructor(status: number, message: string, errors?: FieldError[]) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.errors = errors;
  }

  toJSON(): Record<string, unknown> {
    return {
      message: this.message,
      ...(this.errors && { errors: this.errors }),
      documentation_url: DOCUMENTATION_URL,
      status: String(this.status),
    };
  }
}

export function notFound(): ApiError {
  return new ApiError(404, 'Not Found');
}

export function badCredentials(): ApiError {
  return new ApiError(401, 'Bad credentials');
}

export function requiresAuthentication(): ApiError {
  return new ApiError(401, 'Requires authentication');
}

export function notAccessibleByIntegration(): ApiError {
  return new ApiError(403, 'Resource not accessible by integration');
}

export function validationFailed(...errors: FieldError[]): ApiError {
  return new ApiError(422, 'Validation Failed', errors);
}

export function emptyRepository(): ApiError {
  return new ApiError(409, 'Git Repository is empty.');
}
