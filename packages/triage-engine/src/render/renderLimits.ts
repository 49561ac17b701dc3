// SPDX-License-Identifier: Apache-2.0

/** How much of each part a reader of that place wants to see. */
export interface RenderLimits {
  findings: number;
  tests: number;
  proofLines: number;
  lineCharacters: number;
  changes: number;
  suspects: number;
  claims: number;
  nextSteps: number;
  timeline: number;
  errors: number;
}

/** Where a report can be rendered to as Markdown. */
export type MarkdownTarget = 'comment' | 'issue' | 'summary';

/** By target. */
export const RENDER_LIMITS: Record<MarkdownTarget, RenderLimits> = {
  comment: {
    findings: 10,
    tests: 10,
    proofLines: 40,
    lineCharacters: 300,
    changes: 12,
    suspects: 3,
    claims: 5,
    nextSteps: 5,
    timeline: 8,
    errors: 5,
  },
  issue: {
    findings: 25,
    tests: 25,
    proofLines: 80,
    lineCharacters: 300,
    changes: 30,
    suspects: 5,
    claims: 10,
    nextSteps: 8,
    timeline: 20,
    errors: 10,
  },
  summary: {
    findings: 200,
    tests: 200,
    proofLines: 600,
    lineCharacters: 1000,
    changes: 200,
    suspects: 20,
    claims: 30,
    nextSteps: 10,
    timeline: 50,
    errors: 30,
  },
};

/** What GitHub takes: 65,536 characters of a comment or issue, 1 MiB of a step's summary. */
export const MAX_LENGTHS: Record<MarkdownTarget, number> = {
  comment: 65_536,
  issue: 65_536,
  summary: 1_048_576,
};
