// SPDX-License-Identifier: Apache-2.0
import type { LlmFailureCode } from './types';

/** Why a model gave no answer. @public */
export class LlmError extends Error {
  /** In milliseconds from now: when the other side said to come back. */
  readonly retryAfterMs?: number;
  /** Whether the same request may work later; by the code unless told. */
  readonly retryable: boolean;
  readonly code: LlmFailureCode;

  constructor(
    code: LlmFailureCode,
    message: string,
    options?: ErrorOptions & { retryAfterMs?: number; retryable?: boolean },
  ) {
    super(message, options);
    this.code = code;
    this.name = 'LlmError';
    this.retryAfterMs = options?.retryAfterMs;
    this.retryable =
      options?.retryable ?? (code === 'quota' || code === 'unavailable');
  }
}
