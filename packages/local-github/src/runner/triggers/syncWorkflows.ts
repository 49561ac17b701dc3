// SPDX-License-Identifier: Apache-2.0
import type { ForgeRepository } from '../../forge/types';
import { resolveCommit } from '../../forge/git/refs';
import type { RunnerServices } from '../execution/JobState';
import { listWorkflowFiles, readFileAt } from '../repositoryFiles';
import { parseWorkflow } from '../workflow/parseWorkflow';

/** Brings the list of a repository's workflows to what its default branch has. */
export async function syncWorkflows(
  { store, language }: RunnerServices,
  repository: ForgeRepository,
): Promise<void> {
  const sha = await resolveCommit(
    repository.gitDir,
    `refs/heads/${repository.defaultBranch}`,
  );
  const files = sha ? await listWorkflowFiles(repository, sha) : [];
  for (const path of files) {
    const content = (sha && (await readFileAt(repository, sha, path))) ?? '';
    const parsed = await parseWorkflow(language, path, content);
    store.workflows.upsert(repository.id, path, parsed.name);
  }
  for (const workflow of store.workflows.list(repository.id)) {
    if (!files.includes(workflow.path)) {
      store.workflows.setState(workflow.id, 'deleted');
    }
  }
}
