// SPDX-License-Identifier: Apache-2.0
import type { ForgeRepository } from '../../forge/types';
import type { RunnerParts } from '../routes/RunnerParts';
import type { JobRecord } from '../store/JobStore';
import type { RunRecord } from '../store/RunStore';
import type { Annotation } from '../types';
import { nodeId } from './ActionsSerializer';

/** GitHub's JSON of checks (`check-run`, `check-suite`, `check-annotation`): what Actions writes of its jobs and runs. */
export class CheckSerializer {
  readonly #parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  checkRun(repository: ForgeRepository, job: JobRecord) {
    const { services, serializer } = this.#parts;
    const run = services.store.runs.get(job.runId);
    const url = `${serializer.api(repository)}/check-runs/${job.id}`;
    const page = `${services.context.urls.web}/${repository.fullName}/actions/runs/${run.id}/job/${job.id}`;
    return {
      id: job.id,
      name: job.name,
      node_id: nodeId('CheckRun', job.id),
      head_sha: run.headSha,
      external_id: String(job.id),
      url,
      html_url: page,
      details_url: page,
      status: job.status,
      conclusion: job.conclusion,
      started_at: job.startedAt ?? job.createdAt,
      completed_at: job.completedAt,
      output: {
        title: null,
        summary: null,
        text: null,
        annotations_count: services.store.jobs.annotations(job).length,
        annotations_url: `${url}/annotations`,
      },
      check_suite: { id: run.id },
      app: this.#app(),
      pull_requests: [],
    };
  }

  async checkSuite(repository: ForgeRepository, run: RunRecord) {
    const { services, serializer } = this.#parts;
    const url = `${serializer.api(repository)}/check-suites/${run.id}`;
    return {
      id: run.id,
      node_id: nodeId('CheckSuite', run.id),
      head_branch: run.headBranch,
      head_sha: run.headSha,
      status: run.status,
      conclusion: run.conclusion,
      url,
      before: null,
      after: run.headSha,
      pull_requests: [],
      app: this.#app(),
      repository: services.context.serialize.minimalRepository(repository),
      created_at: run.createdAt,
      updated_at: run.updatedAt,
      head_commit: await serializer.headCommit(repository, run.headSha),
      latest_check_runs_count: services.store.jobs.list(run.id, run.runAttempt)
        .length,
      check_runs_url: `${url}/check-runs`,
      rerequestable: true,
      runs_rerequestable: true,
    };
  }

  annotation(
    repository: ForgeRepository,
    run: RunRecord,
    annotation: Annotation,
  ) {
    const { web } = this.#parts.services.context.urls;
    // GitHub gives what belongs to no file to `.github`.
    const path = annotation.path ?? '.github';
    return {
      path,
      blob_href: `${web}/${repository.fullName}/blob/${run.headSha}/${path}`,
      start_line: annotation.startLine ?? 1,
      start_column: annotation.startColumn ?? null,
      end_line: annotation.endLine ?? annotation.startLine ?? 1,
      end_column: annotation.endColumn ?? null,
      annotation_level: annotation.level,
      title: annotation.title ?? '',
      message: annotation.message,
      raw_details: '',
    };
  }

  #app() {
    const { web } = this.#parts.services.context.urls;
    const time = '2018-07-30T09:30:17Z';
    return {
      id: 15368,
      slug: 'github-actions',
      client_id: 'Iv1.05c79e9ad1f6bdfa',
      node_id: nodeId('App', 15368),
      owner: this.#parts.services.context.serialize.user('github-actions[bot]'),
      name: 'GitHub Actions',
      description: 'Automate your workflow from idea to production',
      external_url: web,
      html_url: `${web}/apps/github-actions`,
      created_at: time,
      updated_at: time,
      permissions: { actions: 'write', checks: 'write', contents: 'write' },
      events: ['push', 'pull_request', 'workflow_dispatch'],
    };
  }
}
