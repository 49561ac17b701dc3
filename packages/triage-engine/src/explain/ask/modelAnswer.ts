// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/**
 * What may be missing to say more. The model picks from these; the sentences are
 * ours.
 */
export const MISSING_INFORMATION = {
  'full-log': 'The log around the failing lines, beyond what was kept.',
  'passing-run': 'The log of a passing run of the same job.',
  'test-report': 'The report file of the tests (JUnit XML).',
  'scan-report': 'The report file of the scan (JSON or SARIF).',
  'source-code': 'The code that the failing lines name.',
  'commit-changes': 'The changes since the last green run.',
  manifest: 'The manifest that was applied.',
  'cluster-events': 'The events and the status of the resource in the cluster.',
  'container-log': 'The log of the container that ended.',
  'resource-usage': 'How much memory, processor and disk the job used.',
  'training-metrics': 'The metrics and parameters of the training run.',
  'data-sample': 'The schema and a profile of the data that was read.',
  'service-status': 'Whether the service that was called had an outage.',
} as const;

export type MissingInformation = keyof typeof MISSING_INFORMATION;

const MISSING_IDS = Object.keys(MISSING_INFORMATION) as [
  MissingInformation,
  ...MissingInformation[],
];

function answerSchema<
  Source extends z.ZodType<string>,
  Commit extends z.ZodType<string>,
>(source: Source, commit: Commit) {
  const evidence = z
    .array(
      z.object({
        source: source.describe('Letter of the log.'),
        line: z.int().min(1).max(1_000_000_000).describe('The number after L.'),
        quote: z
          .string()
          .describe('Copied from that line, character by character.'),
      }),
    )
    .max(6);
  const confidence = z.enum(['high', 'medium', 'low']);
  // Models write an answer in the order of its schema: what is cited stands
  // before what is concluded from it.
  return z.object({
    suspects: z
      .array(commit)
      .max(10)
      .describe('Commits that explain the failure, the likeliest first.'),
    claims: z
      .array(z.object({ evidence, statement: z.string(), confidence }))
      .max(12)
      .describe('What the lines show beside the root cause.'),
    rootCause: z.object({
      evidence,
      outcome: z.enum(['identified', 'inconclusive']),
      statement: z.string().describe('One sentence; empty if inconclusive.'),
      confidence,
    }),
    missing: z
      .array(z.enum(MISSING_IDS))
      .max(MISSING_IDS.length)
      .describe('What would be needed to say more.'),
    nextSteps: z
      .array(z.object({ evidence, text: z.string() }))
      .max(8)
      .describe('What a person may do next.'),
  });
}

/** The answer as it is read: ids are checked later, one by one. */
export const modelAnswerSchema = answerSchema(z.string(), z.string());

/**
 * What a model answers, in the ids of the prompt. Nothing in it is proven;
 * `verifyAnswer` does that.
 */
export type ModelAnswer = z.infer<typeof modelAnswerSchema>;

/** The answer as it is asked for: only the ids of this prompt. */
export function requestedAnswerSchema(
  sources: string[],
  suspects: string[],
): z.ZodType {
  // An enumeration cannot be empty; without ids the list has to be.
  return answerSchema(
    sources.length > 0 ? z.enum(sources) : z.string(),
    suspects.length > 0 ? z.enum(suspects) : z.enum(['none']),
  );
}
