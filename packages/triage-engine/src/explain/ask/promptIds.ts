// SPDX-License-Identifier: Apache-2.0
import type { Suspect, TriageReport } from '@greenroom/plugin-triage-common';
import { shownDraft } from './shownDraft';

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
  return shownDraft(draft).excerpts.map((excerpt, index) => ({
    id: String.fromCharCode(65 + index),
    excerpt,
  }));
}

/** The commits of a draft under the ids by which prompt and answer name them. */
export function promptSuspects(draft: TriageReport): PromptSuspect[] {
  return shownDraft(draft).suspects.map((suspect, index) => ({
    id: `C${index + 1}`,
    suspect,
  }));
}
