import type { LlmFailureCode } from './types';

/** Why a model gave no answer. @public */
export class LlmError extends Error {
  constructor(
    readonly code: LlmFailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'LlmError';
  }
}
