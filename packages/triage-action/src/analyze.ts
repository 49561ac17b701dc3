// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { createPipelineReport } from '@greenroom/triage-engine';
import { createLlm } from './createLlm';
import { EvidenceCollector } from './EvidenceCollector';
import type { GithubRepository, RunAttempt } from './GithubRepository';
import type { Inputs } from './readInputs';

/** What a report says of the run that it is about. */
function runOf(run: RunAttempt): NonNullable<TriageReport['incident']['run']> {
  return {
    id: String(run.id),
    attempt: run.run_attempt ?? 1,
    url: run.html_url,
    commit: run.head_sha,
    ...(run.head_branch && { branch: run.head_branch }),
  };
}

/**
 * The report of a failed run, from what GitHub has of it. Nothing is checked out,
 * executed or posted.
 */
export async function analyze(
  repository: GithubRepository,
  inputs: Inputs,
): Promise<TriageReport> {
  const llm = createLlm(inputs.gemini);
  const run = await repository.attempt(inputs.runId, inputs.runAttempt);
  const defaultBranch = await repository.defaultBranch();
  const folder = await mkdtemp(path.join(inputs.temp, 'triage-'));
  try {
    const collector = new EvidenceCollector(repository, run, folder);
    const logs = await collector.logs();
    const green = await collector.lastGreenRun(defaultBranch);
    const passingLogs = green && (await collector.passingLogs(green));
    const reports = await collector.reports();
    const facts = await collector.facts();
    const compare = green && (await collector.commitsSince(green));
    logs.errors.push(...collector.errors);
    try {
      const report = await createPipelineReport(
        {
          incident: {
            repository: repository.fullName,
            workflow: run.name ?? undefined,
            run: runOf(run),
          },
          logs,
          passingLogs,
          reports,
          facts,
          compare,
          isProtected: run.head_branch === defaultBranch,
        },
        {
          llm,
          knownSecrets: {
            GITHUB_TOKEN: inputs.token,
            ...(inputs.gemini.apiKey && {
              GEMINI_API_KEY: inputs.gemini.apiKey,
            }),
          },
        },
      );
      return {
        ...report,
        // GitHub's own words, by which the other job knows whose report it is.
        incident: {
          ...report.incident,
          repository: repository.fullName,
          run: {
            ...report.incident.run,
            ...runOf(run),
            branch: report.incident.run?.branch,
          },
        },
      };
    } finally {
      await logs.close();
      await passingLogs?.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
