// SPDX-License-Identifier: Apache-2.0
import type { KserveClusterErrorCode } from '@greenroom/plugin-kserve-common';

const CODES: Readonly<Record<number, KserveClusterErrorCode>> = {
  401: 'unauthenticated',
  403: 'not-allowed',
  404: 'not-found',
  408: 'timeout',
  429: 'failed',
  502: 'unreachable',
  503: 'unreachable',
  504: 'timeout',
};

/**
 * Why an API server gave no answer; the message holds neither its address nor a
 * credential.
 *
 * @public
 */
export class ApiServerError extends Error {
  readonly code: KserveClusterErrorCode;
  /** Where it answered. */
  readonly status?: number;

  constructor(
    message: string,
    options: { code: KserveClusterErrorCode; status?: number; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'ApiServerError';
    this.code = options.code;
    this.status = options.status;
  }

  get isRetryable(): boolean {
    return ['unreachable', 'timeout', 'failed'].includes(this.code);
  }

  /** @param said - `message` of the `Status` that the server sent, if it sent one. */
  static fromStatus(
    status: number,
    cluster: string,
    said?: string,
  ): ApiServerError {
    const code = CODES[status] ?? (status >= 500 ? 'unreachable' : 'failed');
    const words = said ? `: ${said.slice(0, 300)}` : '';
    return new ApiServerError(
      `Cluster '${cluster}' answers ${status}${words}`,
      { code, status },
    );
  }

  static fromCause(cause: unknown, cluster: string): ApiServerError {
    if (cause instanceof ApiServerError) {
      return cause;
    }
    const { code = '', name = '' } = (cause ?? {}) as {
      code?: string;
      name?: string;
    };
    if (code === 'ETIMEDOUT' || name === 'TimeoutError') {
      return new ApiServerError(
        `Cluster '${cluster}' does not answer in time`,
        {
          code: 'timeout',
          cause,
        },
      );
    }
    if (/CERT|SSL|TLS|SIGNATURE/.test(code)) {
      return new ApiServerError(
        `The certificate of cluster '${cluster}' is not trusted (${code}): see caData and caFile in 'kubernetes:'`,
        { code: 'failed', cause },
      );
    }
    return new ApiServerError(
      `Cluster '${cluster}' does not answer${/^E[A-Z_]+$/.test(code) ? ` (${code})` : ''}`,
      { code: 'unreachable', cause },
    );
  }
}
