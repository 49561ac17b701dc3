// SPDX-License-Identifier: Apache-2.0
import { readFailureMarker } from '../../steps/failureMarkers';
import type { Rule, RuleMatch } from '../ruleTypes';
import type { RuleContext } from '../createContext';

/** What the runner itself says, from its own lines only: programs cannot forge them into facts. */
function runnerSays(
  { step, facts }: RuleContext,
  pattern: RegExp,
): RuleMatch | undefined {
  const message = step?.error?.quote.replace('##[error]', '');
  if (step?.error && message && pattern.test(message)) {
    return { evidence: [step.error] };
  }
  const job = facts?.jobs?.find(each => each.name === step?.job);
  const jobs = job ? [job] : (facts?.jobs ?? []);
  const said = jobs.some(({ annotations }) =>
    annotations?.some(text => pattern.test(text.slice(0, 600))),
  );
  return said ? { evidence: step?.error ? [step.error] : [] } : undefined;
}

/** What GitHub concludes of the step's job, or of the run where no job is known. */
function conclusionOf({ facts, step }: RuleContext): string | undefined {
  const job = facts?.jobs?.find(({ name }) => name === step?.job);
  const failed = job?.steps?.some(({ conclusion }) => conclusion === 'failure');
  return failed ? 'failure' : (job?.conclusion ?? facts?.conclusion);
}

const endEvidence = ({ step }: RuleContext): RuleMatch => ({
  evidence: step?.error ? [step.error] : [],
});

const TIME_LIMIT =
  /has exceeded the maximum execution time|has timed out after \d|^The job exceeded the maximum time limit|^No output has been received in the last|execution took longer than/;
const RUNNER_LOST =
  /^The runner has received a shutdown signal|lost communication with the server|^The hosted runner encountered an error|\(system failure\)/;

/** What decides before the log's content does: the runner's and GitHub's own statements. */
export const runnerRules: Rule[] = [
  {
    id: 'runner-time-limit',
    type: 'timeout',
    reason: 'The CI system says that the time allowed was over.',
    match: context => runnerSays(context, TIME_LIMIT),
  },
  {
    id: 'conclusion-timed-out',
    type: 'timeout',
    reason: 'GitHub concludes the job with timed_out.',
    match: context =>
      conclusionOf(context) === 'timed_out' ? endEvidence(context) : undefined,
  },
  {
    id: 'startup-failure',
    type: 'unknown',
    reason:
      'GitHub could not start the run: its workflow file is not valid, or uses what it may not.',
    match: context =>
      conclusionOf(context) === 'startup_failure'
        ? endEvidence(context)
        : undefined,
  },
  {
    id: 'runner-lost',
    type: 'infrastructure',
    transient: true,
    reason: 'The CI system lost the machine that ran the job.',
    match: context => runnerSays(context, RUNNER_LOST),
  },
  {
    id: 'same-commit-passed',
    type: 'flaky',
    transient: true,
    reason: 'Another run of the same commit passed.',
    match: context =>
      context.facts?.sameCommitPassed ? endEvidence(context) : undefined,
  },
  {
    id: 'cancelled',
    type: 'cancelled',
    transient: true,
    reason: 'Somebody, or a newer run of the same group, cancelled it.',
    match: context => {
      const end = context.step?.error?.quote ?? '';
      const isMarked = readFailureMarker(end)?.kind === 'cancelled';
      return isMarked || conclusionOf(context) === 'cancelled'
        ? endEvidence(context)
        : undefined;
    },
  },
];
