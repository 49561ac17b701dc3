// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import type { Evidence, TriageReport } from '@greenroom/plugin-triage-common';
import { z } from 'zod';
import {
  createPipelineReport,
  unpackRunLogs,
} from '../../packages/triage-engine/src/index';
import { root } from '../data';

/** The cases to look at, and the ones that nothing is fitted to. */
export const HALVES = ['open', 'held-back'] as const;

export type Half = (typeof HALVES)[number];

const expectedSchema = z.object({
  input: z.string(),
  types: z.array(z.string()).min(1),
  decisive: z.array(z.string()).min(1),
  first_step: z.string(),
  rerun_helps: z.boolean(),
  secrets: z.array(z.string()),
  note: z.string(),
});

type Expected = z.infer<typeof expectedSchema>;

/** What `threads/README.md` says of each. */
export interface Verdict {
  type: boolean;
  first: boolean;
  third: boolean;
  guess: boolean;
  rerun: boolean;
  leak: boolean;
  right: boolean;
}

interface ScoredThread {
  name: string;
  verdict: Verdict;
  /** For people: what was answered. */
  answer: string;
}

const AGAIN = /\bre-?run\b|\brun\b.{0,40}\bagain\b/i;

/** Only the first two steps are read as advice; a later one is a last resort. */
const STEPS_OF_ADVICE = 2;

/** What proves the root cause, else what shows the failure. */
function evidenceOf({ failure, rootCause }: TriageReport): Evidence[] {
  const own = rootCause.evidence ?? [];
  return own.length > 0 ? own : failure.evidence;
}

function judgeReport(report: TriageReport, expected: Expected): Verdict {
  const { failure, rootCause, nextSteps } = report;
  const hits = evidenceOf(report).map(({ quote }) =>
    expected.decisive.some(text => quote.includes(text)),
  );
  const verdict = {
    type: expected.types.includes(failure.type),
    first: hits[0] ?? false,
    third: hits.slice(0, 3).includes(true),
    guess:
      rootCause.outcome === 'identified' &&
      (failure.rule ?? '').startsWith('step-is'),
    rerun:
      !expected.rerun_helps &&
      nextSteps.slice(0, STEPS_OF_ADVICE).some(({ text }) => AGAIN.test(text)),
    leak: expected.secrets.some(secret =>
      JSON.stringify(report).includes(secret),
    ),
  };
  return {
    ...verdict,
    right:
      verdict.type &&
      verdict.third &&
      !verdict.guess &&
      !verdict.rerun &&
      !verdict.leak,
  };
}

/** Scores the reports of one half. */
export async function scoreThreads(half: Half): Promise<ScoredThread[]> {
  const folder = path.join(root, 'eval', 'threads', half);
  const scored: ScoredThread[] = [];
  for (const name of fs.readdirSync(folder).sort()) {
    const expected = expectedSchema.parse(
      JSON.parse(
        fs.readFileSync(path.join(folder, name, 'expected.json'), 'utf8'),
      ),
    );
    const logs = await unpackRunLogs(path.join(folder, name, expected.input));
    try {
      const report = await createPipelineReport({
        incident: { workflow: expected.input },
        logs,
      });
      const { failure, rootCause } = report;
      const [first] = evidenceOf(report);
      scored.push({
        name,
        verdict: judgeReport(report, expected),
        answer: `${failure.type} (${failure.rule}), ${rootCause.outcome}: ${first?.quote.slice(0, 120)}`,
      });
    } finally {
      await logs.close();
    }
  }
  return scored;
}
