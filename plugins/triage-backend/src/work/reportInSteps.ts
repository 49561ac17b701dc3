// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { LlmClient, TriageOptions } from '@greenroom/triage-engine';
import type { NewJob } from '../database/JobStore';
import type { KeptLog, ReportStore } from '../database/ReportStore';
import { withHint } from './withHint';

/**
 * Rules first: nobody waits for a model to see what is certain. Then the model is
 * asked, where there is one, and what it says takes the place of that report.
 *
 * @returns the report that stays
 */
export async function reportInSteps(options: {
  incidentId: string;
  /** Whether the catalog has its entity only since the report before. */
  hasNewOwner?: boolean;
  reports: ReportStore;
  create: (options: TriageOptions) => Promise<TriageReport>;
  keep: (report: TriageReport) => Promise<KeptLog[]>;
  limits: Pick<TriageOptions, 'timeoutMs' | 'signal'> & {
    knownSecrets: Record<string, string>;
  };
  /** Undefined where none is to be asked. */
  llm: (byRules: TriageReport) => Promise<LlmClient | undefined>;
  hint?: string;
  /** The report of the rules is there. */
  onReport: () => void;
  /** The model answered; what it said is checked now. */
  onAnswer: () => Promise<void>;
  /** What follows. */
  post: NewJob;
}): Promise<TriageReport> {
  const { incidentId, hasNewOwner, reports, create, limits, post } = options;
  const before = await reports.find(incidentId);
  const byRules = await create(limits);
  const logs = await options.keep(byRules);
  const llm = await options.llm(byRules);
  if (!llm) {
    await reports.save(incidentId, byRules, {
      before,
      hasNewOwner,
      logs,
      stage: 'post',
      next: post,
    });
    return byRules;
  }
  await reports.save(incidentId, byRules, { before, logs, stage: 'ask' });
  options.onReport();
  const asking = withHint(llm, {
    hint: options.hint,
    knownSecrets: limits.knownSecrets,
    onAnswer: options.onAnswer,
  });
  const explained = await create({ ...limits, llm: asking });
  await reports.save(incidentId, explained, {
    before,
    hasNewOwner,
    stage: 'post',
    next: post,
  });
  return explained;
}
