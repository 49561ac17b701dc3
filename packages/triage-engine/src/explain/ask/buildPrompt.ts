// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { z } from 'zod';
import { describeDraft } from './describeDraft';
import { requestedAnswerSchema } from './modelAnswer';
import { promptSources, promptSuspects } from './promptIds';
import { dataMarks, promptRules } from './prompts/promptRules';
import { selectPrompt } from './prompts/selectPrompt';
import type { LlmRequest } from './types';

/** Some 15,000 tokens. */
const MAX_DATA_CHARACTERS = 60_000;

/** A question to a model. */
export interface BuiltPrompt {
  /** Our words only. */
  system: string;
  /** The data, between marks that hold the nonce. */
  user: string;
  /** The answer's form; only ids of this prompt are in it. */
  schema: z.ZodType;
  /** Id and version: `test@1`. */
  prompt: string;
  tier: LlmRequest['tier'];
}

/**
 * The question for a draft: which of the prompts, with the draft as data.
 *
 * @param draft - redacted and complete; nothing else goes into the prompt
 * @param options - `nonce`: random and unknown to whoever wrote the data
 */
export function buildPrompt(
  draft: TriageReport,
  options: { nonce: string },
): BuiltPrompt {
  const { type } = draft.failure;
  const { id, version, task } = selectPrompt(type, draft.incident.kind);
  const { begin, end } = dataMarks(options.nonce);
  return {
    system: `${promptRules(options.nonce)}\n\nThe task:\n${task}`,
    user: [begin, ...describeDraft(draft, MAX_DATA_CHARACTERS), end].join('\n'),
    schema: requestedAnswerSchema(
      promptSources(draft).map(source => source.id),
      promptSuspects(draft).map(suspect => suspect.id),
    ),
    prompt: `${id}@${version}`,
    tier: type === 'lint' || type === 'unit-test' ? 'light' : 'heavy',
  };
}
