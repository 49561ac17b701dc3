// SPDX-License-Identifier: Apache-2.0

/** The draft of an incident report that a person asked for. @public */
export interface IncidentReportDraft {
  /** With its port, where it has one: `github.com`. */
  host: string;
  /** `owner/name` */
  repository: string;
  incidentId: string;
  title: string;
  /** In the repository: `docs/incidents/2026-11-29-slow-answers.md`. */
  path: string;
  markdown: string;
  signal: AbortSignal;
}

/** Where drafts of incident reports are proposed; nothing is ever merged by it. @public */
export interface IncidentReportProposals {
  /**
   * Opens a pull request with the draft, once for an incident; a later call answers the
   * one that is open, untouched: people may have worked on it.
   *
   * @returns its address
   * @throws RetryLaterError; any other error is final
   */
  propose(draft: IncidentReportDraft): Promise<{ url: string }>;
}
