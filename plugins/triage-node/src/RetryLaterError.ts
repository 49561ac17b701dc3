// SPDX-License-Identifier: Apache-2.0
import { CustomErrorBase } from '@backstage/errors';

/**
 * What failed may work later: an outage, a used-up rate limit. Every other error of
 * a source or an effect is final.
 *
 * @public
 */
export class RetryLaterError extends CustomErrorBase {
  readonly name = 'RetryLaterError' as const;
  /** When to try again, ms since 1970, where the other side says it. */
  readonly retryAt?: number;

  constructor(message: string, options: { cause?: Error; retryAt?: number }) {
    super(message, options.cause);
    this.retryAt = options.retryAt;
  }
}
