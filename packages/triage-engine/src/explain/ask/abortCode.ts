// SPDX-License-Identifier: Apache-2.0

/**
 * Why a signal was aborted: by the time limit of `AbortSignal.timeout`, or by
 * someone.
 *
 * @public
 */
export function abortCode(signal: AbortSignal): 'timeout' | 'aborted' {
  const reason: unknown = signal.reason;
  const name =
    typeof reason === 'object' && reason !== null && 'name' in reason
      ? reason.name
      : undefined;
  return name === 'TimeoutError' ? 'timeout' : 'aborted';
}
