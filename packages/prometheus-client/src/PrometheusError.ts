// SPDX-License-Identifier: Apache-2.0

/**
 * Why a Prometheus gave no answer, in words that hold no address and no credential.
 *
 * @public
 */
export class PrometheusError extends Error {
  override name = 'PrometheusError';
  /** Whether it may answer later: it is away, too slow, or has too much to do. */
  readonly isRetryable: boolean;

  constructor(message: string, isRetryable: boolean) {
    super(message);
    this.isRetryable = isRetryable;
  }
}
