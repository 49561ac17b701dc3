import type { LlmFailureCode } from './types';

/** What is known of a failure beside its code. @public */
export interface LlmErrorOptions extends ErrorOptions {
  /** In milliseconds from now: when the other side said to come back. */
  retryAfterMs?: number;
  /** Whether the same request may work later; by the code unless told. */
  retryable?: boolean;
}

/** Why a model gave no answer. @public */
export class LlmError extends Error {
  readonly retryAfterMs?: number;
  readonly retryable: boolean;

  constructor(
    readonly code: LlmFailureCode,
    message: string,
    options?: LlmErrorOptions,
  ) {
    super(message, options);
    this.name = 'LlmError';
    this.retryAfterMs = options?.retryAfterMs;
    this.retryable =
      options?.retryable ?? (code === 'quota' || code === 'unavailable');
  }
}
