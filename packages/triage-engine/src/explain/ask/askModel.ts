// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { Redactor } from '../../redact/types';
import { abortCode } from './abortCode';
import { buildPrompt, type BuiltPrompt } from './buildPrompt';
import { LlmError } from './LlmError';
import { modelAnswerSchema, type ModelAnswer } from './modelAnswer';
import type { LlmAnswer, LlmClient, LlmFailureCode } from './types';
import { collapsedText } from '../../text/oneLine';

/** With room for what a model thinks before it answers. */
const MAX_OUTPUT_TOKENS = 8_192;
const NONCE_BYTES = 16;
/** What a redactor makes of a text that it cannot deal with. */
const WITHHELD = /^\[REDACTED:withheld#\d+\]$/;

const COMPLETE =
  'What rules found is complete; only the explanation by a model is missing.';

// What happened, for people; what a vendor wrote is not repeated, since it may
// quote the request.
const SENTENCES: Record<LlmFailureCode, (name: string) => string> = {
  'not-configured': () => 'No model is configured.',
  unauthorized: name =>
    `${name} refused the credentials or the configured model.`,
  quota: name => `The quota at ${name} is used up.`,
  budget: () => 'The own budget for model requests is used up.',
  timeout: name => `${name} did not answer in time.`,
  unavailable: name => `${name} could not be reached or had an error.`,
  blocked: name => `${name} blocked the request or its answer.`,
  truncated: name => `The answer of ${name} was cut off.`,
  malformed: name => `The answer of ${name} does not have the form asked for.`,
  aborted: () => 'The request to the model was aborted.',
};

function failed(
  code: LlmFailureCode,
  name: string,
  prompt: string,
  retryAfterMs?: number,
): TriageReport['ai'] {
  const status = { 'not-configured': 'off', budget: 'skipped' } as const;
  const again =
    retryAfterMs === undefined
      ? ''
      : ` It is free again at ${new Date(Date.now() + retryAfterMs).toISOString().slice(0, 19)}Z.`;
  return {
    status: status[code as keyof typeof status] ?? 'failed',
    reason: `${SENTENCES[code](name)}${again} ${COMPLETE}`,
    prompt,
    droppedClaims: 0,
  };
}

// Names and versions of models come from outside, too.
function modelName(name: string | undefined): string | undefined {
  return name === undefined
    ? undefined
    : collapsedText(name.slice(0, 120)).replace(/[^\w./:@-]/g, '?');
}

function tokens(count: number | undefined): number | undefined {
  return Number.isSafeInteger(count) ? count : undefined;
}

function answered(answer: LlmAnswer, prompt: string): TriageReport['ai'] {
  return {
    status: 'answered',
    model: modelName(answer.model),
    modelVersion: modelName(answer.modelVersion),
    prompt,
    inputTokens: tokens(answer.inputTokens),
    outputTokens: tokens(answer.outputTokens),
    cost: answer.cost,
    droppedClaims: 0,
  };
}

function codeOf(error: unknown, signal: AbortSignal): LlmFailureCode {
  if (signal.aborted) {
    return 'timeout';
  }
  return error instanceof LlmError ? error.code : 'unavailable';
}

/** Ends the wait as well where a client does not listen to its signal. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
    if (signal.aborted) {
      onAbort();
    }
  });
}

/**
 * Asks a model to explain a draft. Whatever goes wrong is in `ai`, for people.
 *
 * @param options - `draft`: redacted, made by rules, complete; `signal`: its
 * `TimeoutError` is a failure of the model, any other reason is thrown
 * @throws the signal's reason when the caller gave up
 */
export async function askModel(options: {
  draft: TriageReport;
  llm: LlmClient;
  redactor: Redactor;
  signal: AbortSignal;
}): Promise<{ answer?: ModelAnswer; ai: TriageReport['ai'] }> {
  const { draft, llm, redactor, signal } = options;
  const nonce = randomBytes(NONCE_BYTES).toString('hex');
  const built = buildPrompt(draft, { nonce });
  const user = redactData(built.user, redactor);
  if (user === undefined) {
    return {
      ai: {
        status: 'skipped',
        reason: `The prompt could not be freed of secrets, so it was not sent. ${COMPLETE}`,
        prompt: built.prompt,
        droppedClaims: 0,
      },
    };
  }
  try {
    const answer = await ask(llm, built, user, signal);
    const parsed = modelAnswerSchema.safeParse(answer.value);
    if (parsed.success) {
      return { answer: parsed.data, ai: answered(answer, built.prompt) };
    }
    return {
      ai: {
        ...answered(answer, built.prompt),
        ...failed('malformed', llm.name, built.prompt),
      },
    };
  } catch (error) {
    if (signal.aborted && abortCode(signal) === 'aborted') {
      throw signal.reason;
    }
    return {
      ai: failed(
        codeOf(error, signal),
        llm.name,
        built.prompt,
        error instanceof LlmError ? error.retryAfterMs : undefined,
      ),
    };
  }
}

// The marks are ours and not looked at: one that was taken for a secret would
// leave the data open.
function redactData(user: string, redactor: Redactor): string | undefined {
  const lines = user.split('\n');
  const data = redactor.redactLines(lines.slice(1, -1));
  const withheld = data.filter(line => WITHHELD.test(line)).length;
  return withheld > data.length / 2
    ? undefined
    : [lines[0], ...data, lines[lines.length - 1]].join('\n');
}

async function ask(
  llm: LlmClient,
  { system, schema, tier }: BuiltPrompt,
  user: string,
  signal: AbortSignal,
): Promise<LlmAnswer> {
  signal.throwIfAborted();
  return orAborted(
    llm.generate({
      system,
      user,
      schema,
      tier,
      maxOutputTokens: MAX_OUTPUT_TOKENS,
      signal,
    }),
    signal,
  );
}
