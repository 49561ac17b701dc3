import type { Suspect, TriageReport } from '@greenroom/plugin-triage-common';

/** How many logs and commits a prompt shows. */
const MAX_SOURCES = 20;
const MAX_SUSPECTS = 10;

/** A log as the prompt names it: `A`, `B` … */
export interface PromptSource {
  id: string;
  excerpt: TriageReport['excerpts'][number];
}

/** A commit as the prompt names it: `C1`, `C2` … */
export interface PromptSuspect {
  id: string;
  suspect: Suspect;
}

/**
 * The logs of a draft under the ids by which prompt and answer name them. The
 * names of files are data, so they are not in the answer's schema.
 */
export function promptSources(draft: TriageReport): PromptSource[] {
  return draft.excerpts.slice(0, MAX_SOURCES).map((excerpt, index) => ({
    id: String.fromCharCode(65 + index),
    excerpt,
  }));
}

/** The commits of a draft under the ids by which prompt and answer name them. */
export function promptSuspects(draft: TriageReport): PromptSuspect[] {
  return draft.suspects
    .slice(0, MAX_SUSPECTS)
    .map((suspect, index) => ({ id: `C${index + 1}`, suspect }));
}
