// SPDX-License-Identifier: Apache-2.0
import type { ForgeContext, ForgeRepository } from '../../forge/types';
import type { RunRecord } from '../store/RunStore';
import type { JsonObject } from '../types';

/** The `github` context of a run (docs.github.com, "Contexts reference"). */
export function githubContext(
  context: ForgeContext,
  repository: ForgeRepository,
  run: RunRecord,
): JsonObject {
  const pull = run.payload.pull_request;
  const refs =
    run.event.startsWith('pull_request') &&
    typeof pull === 'object' &&
    pull !== null &&
    !Array.isArray(pull)
      ? { head: refOf(pull.head), base: refOf(pull.base) }
      : { head: '', base: '' };
  return {
    event_name: run.event,
    event: run.payload,
    sha: run.sha,
    ref: run.ref,
    ref_name: run.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: run.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: false,
    head_ref: refs.head,
    base_ref: refs.base,
    repository: repository.fullName,
    repository_id: String(repository.id),
    repository_owner: repository.owner,
    repositoryUrl: `${context.urls.web.replace(/^http/, 'git')}/${repository.fullName}.git`,
    repository_visibility: repository.private ? 'private' : 'public',
    run_id: String(run.id),
    run_number: String(run.runNumber),
    run_attempt: String(run.runAttempt),
    retention_days: '90',
    actor: run.actor,
    triggering_actor: run.triggeringActor,
    workflow: run.name,
    workflow_ref: `${repository.fullName}/${run.path}@${run.ref}`,
    workflow_sha: run.sha,
    server_url: context.urls.web,
    api_url: context.urls.api,
    graphql_url: context.urls.graphql,
    secret_source: 'Actions',
  };
}

function refOf(side: JsonObject[string]): string {
  return typeof side === 'object' &&
    side !== null &&
    !Array.isArray(side) &&
    typeof side.ref === 'string'
    ? side.ref
    : '';
}
