// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';

/** What is asked of a model. @public */
export interface LlmRequest {
  /** Our words only. */
  system: string;
  /** Data between delimiters; redacted. */
  user: string;
  /** The answer's form. */
  schema: z.ZodType;
  /** `lint` and `unit-test` are light, the rest is heavy. */
  tier: 'light' | 'heavy';
  maxOutputTokens: number;
  signal: AbortSignal;
}

/** @public */
export interface LlmAnswer {
  /** Parsed, not yet checked against the schema. */
  value: unknown;
  model: string;
  modelVersion?: string;
  inputTokens?: number;
  outputTokens?: number;
  /** Of these tokens; `currency` as in ISO 4217. */
  cost?: { amount: number; currency: string };
}

/** Why a model gave no answer. @public */
export type LlmFailureCode =
  | 'not-configured'
  | 'unauthorized'
  | 'quota'
  | 'budget'
  | 'timeout'
  | 'unavailable'
  | 'blocked'
  | 'truncated'
  | 'malformed'
  | 'aborted';

/** A vendor's model behind the engine. @public */
export interface LlmClient {
  /** For people: `Gemini`. */
  readonly name: string;
  /** @throws LlmError */
  generate(request: LlmRequest): Promise<LlmAnswer>;
}
