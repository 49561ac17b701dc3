// SPDX-License-Identifier: Apache-2.0
import {
  toPipelineRun,
  workflowRunSchema,
} from '@greenroom/plugin-triage-backend-module-github';
import { renderMarkdown } from '@greenroom/triage-engine';
import type { GithubRepository, RunAttempt } from './GithubRepository';
import { placeOf, type Place, type PostedReport } from './places';
import type { RunInputs } from './readInputs';
import { readReport } from './readReport';
import { readRunLines, runIdOf, runLine, withRunLines } from './runLines';

/** What was written to GitHub. */
export interface Posted {
  what: string;
  url: string;
}

/** Of the 65536 characters that GitHub takes; the rest is for the list of runs. */
const MAX_REPORT = 58_000;
const MAX_RECOVERED = 20;

/**
 * Writes the report of a failed run where people look: one text for one signature,
 * updated when it fails so again. Of a run that passed, says so in the reports
 * that its workflow has left.
 *
 * @throws Error where the report is not one of this run; nothing is posted then
 */
export async function post(
  repository: GithubRepository,
  inputs: RunInputs,
): Promise<Posted[]> {
  const run = await repository.attempt(inputs.runId, inputs.runAttempt);
  if (run.conclusion === 'success') {
    return recover(repository, run, await placeOf(repository, run));
  }
  const report = await readReport(inputs.file, repository, run);
  const place = await placeOf(repository, run);
  const findFirst = async () =>
    (await place.list()).find(
      ({ signature }) => signature === report.failure.signature,
    );
  const bodyWith = (known?: PostedReport) =>
    withRunLines(
      renderMarkdown(report, { target: place.target, maxLength: MAX_REPORT }),
      [runLine(run), ...(known ? readRunLines(known.body) : [])],
    );
  const update = async (known: PostedReport) => {
    const { url } = await place.update(known, report, bodyWith(known));
    return [{ what: `${place.name} updated`, url }];
  };
  const known = await findFirst();
  if (known) {
    return update(known);
  }
  const { id, url } = await place.create(report, bodyWith());
  // A portal may post at the same moment: the earlier one stays.
  const first = await findFirst();
  if (first && first.id < id) {
    await place.remove(id, first);
    return update(first);
  }
  return [{ what: `${place.name} opened`, url }];
}

async function recover(
  repository: GithubRepository,
  run: RunAttempt,
  place: Place,
): Promise<Posted[]> {
  const passed = toPipelineRun(workflowRunSchema.parse(run), {
    host: new URL(run.html_url).host,
    repository: repository.fullName,
    defaultBranch: '',
  });
  const posted: Posted[] = [];
  const open = (await place.list()).filter(({ closed }) => !closed);
  for (const each of open.slice(-MAX_RECOVERED)) {
    const failedId = readRunLines(each.body).map(runIdOf).at(0);
    if (failedId && (await isOver(repository, failedId, run))) {
      const said = await place.recover(each, passed);
      posted.push(
        ...(said ? [{ what: `${place.name} recovered`, url: said.url }] : []),
      );
    }
  }
  return posted;
}

/** Whether a run that failed was an earlier one of the same workflow on the same branch. */
async function isOver(
  { octokit, names }: GithubRepository,
  failedId: number,
  green: RunAttempt,
): Promise<boolean> {
  if (failedId === green.id) {
    return true;
  }
  const { data } = await octokit.rest.actions.getWorkflowRun({
    ...names,
    run_id: failedId,
  });
  return (
    data.workflow_id === green.workflow_id &&
    data.head_branch === green.head_branch &&
    data.run_number < green.run_number
  );
}
