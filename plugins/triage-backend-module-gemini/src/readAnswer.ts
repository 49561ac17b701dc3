// SPDX-License-Identifier: Apache-2.0
import type { GenerateContentResponse } from '@google/genai';
import { LlmError, type LlmAnswer } from '@greenroom/triage-engine';

const BLOCKED = new Set<string>([
  'SAFETY',
  'RECITATION',
  'LANGUAGE',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
]);

// A name that a later version of the API adds is shown, anything else is not.
function shown(reason: string): string {
  return /^[A-Z_]{1,60}$/.test(reason) ? reason : 'an unknown reason';
}

function textOf(response: GenerateContentResponse): string {
  const candidate = response.candidates?.[0];
  const blocked = response.promptFeedback?.blockReason;
  if (blocked && !candidate) {
    throw new LlmError(
      'blocked',
      `Gemini refused the prompt: ${shown(blocked)}`,
    );
  }
  const reason: string = candidate?.finishReason ?? 'STOP';
  if (reason === 'MAX_TOKENS') {
    throw new LlmError(
      'truncated',
      'The answer of Gemini is longer than allowed',
    );
  }
  if (BLOCKED.has(reason)) {
    throw new LlmError('blocked', `Gemini stopped its answer: ${reason}`);
  }
  if (reason !== 'STOP' && reason !== 'FINISH_REASON_UNSPECIFIED') {
    throw new LlmError(
      'malformed',
      `Gemini stopped its answer: ${shown(reason)}`,
    );
  }
  const text = (candidate?.content?.parts ?? [])
    .filter(part => !part.thought)
    .map(part => part.text ?? '')
    .join('');
  if (text.trim() === '') {
    throw new LlmError('malformed', 'The answer of Gemini is empty');
  }
  return text;
}

/**
 * The JSON that Gemini answered, with what it cost.
 *
 * @throws LlmError where it is blocked, cut off, empty or not JSON
 */
export function readAnswer(
  response: GenerateContentResponse,
  model: string,
): LlmAnswer {
  let value: unknown;
  try {
    value = JSON.parse(textOf(response));
  } catch (error) {
    if (error instanceof LlmError) {
      throw error;
    }
    throw new LlmError('malformed', 'The answer of Gemini is not JSON');
  }
  const usage = response.usageMetadata;
  return {
    value,
    model,
    modelVersion: response.modelVersion,
    inputTokens: usage?.promptTokenCount,
    // Thinking is billed as output.
    outputTokens:
      usage?.candidatesTokenCount === undefined
        ? undefined
        : usage.candidatesTokenCount + (usage.thoughtsTokenCount ?? 0),
  };
}
