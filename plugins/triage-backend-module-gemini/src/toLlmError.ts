// SPDX-License-Identifier: Apache-2.0
import {
  LlmError,
  retryAfterToMs,
  type LlmFailureCode,
} from '@greenroom/triage-engine';
import { z } from 'zod';

/** What was seen of one HTTP answer. */
export interface SeenResponse {
  status: number;
  retryAfter: string | null;
  body: string;
}

const errorBodySchema = z.object({
  error: z.object({
    status: z
      .string()
      .regex(/^[A-Z_]{1,60}$/)
      .optional()
      .catch(undefined),
    details: z.array(z.record(z.string(), z.unknown())).catch([]),
  }),
});

interface ErrorInfo {
  status?: string;
  details: Array<Record<string, unknown>>;
}

// https://cloud.google.com/apis/design/errors: google.rpc.Status, as an object,
// or as an array of one from Vertex AI.
function readErrorBody(body: string): ErrorInfo {
  try {
    const value: unknown = JSON.parse(body);
    return errorBodySchema.parse(Array.isArray(value) ? value[0] : value).error;
  } catch {
    return { details: [] };
  }
}

function detail(info: ErrorInfo, type: string) {
  return info.details.find(entry =>
    String(entry['@type']).endsWith(`google.rpc.${type}`),
  );
}

// google.rpc.RetryInfo, a protobuf Duration: `27s`, `1.5s`.
function retryDelayMs(info: ErrorInfo): number | undefined {
  const delay = String(detail(info, 'RetryInfo')?.retryDelay ?? '');
  return delay.endsWith('s') ? retryAfterToMs(delay.slice(0, -1)) : undefined;
}

function isDailyQuota(info: ErrorInfo): boolean {
  return JSON.stringify(detail(info, 'QuotaFailure') ?? '').includes('PerDay');
}

function classify(
  status: number,
  info: ErrorInfo,
): { code: LlmFailureCode; retryable: boolean } {
  const invalidKey = detail(info, 'ErrorInfo')?.reason === 'API_KEY_INVALID';
  if ([401, 403, 404].includes(status) || (status === 400 && invalidKey)) {
    return { code: 'unauthorized', retryable: false };
  }
  if (status === 429) {
    return { code: 'quota', retryable: !isDailyQuota(info) };
  }
  return { code: 'unavailable', retryable: status >= 500 || status === 408 };
}

/**
 * An answer other than 2xx as an error. Its message holds the status only: what
 * the other side wrote may quote the request.
 */
export function toLlmError(seen: SeenResponse): LlmError {
  const info = readErrorBody(seen.body);
  const { code, retryable } = classify(seen.status, info);
  const waits = [retryAfterToMs(seen.retryAfter), retryDelayMs(info)];
  const known = waits.filter(wait => wait !== undefined);
  return new LlmError(
    code,
    `Gemini answered ${seen.status}${info.status ? ` ${info.status}` : ''}`,
    {
      retryable,
      retryAfterMs: known.length > 0 ? Math.max(...known) : undefined,
    },
  );
}
