// SPDX-License-Identifier: Apache-2.0
import type { ForgeRepository } from '../../forge/types';
import { html, type Html } from '../../forge/web/html';
import type { RunRecord } from '../store/RunStore';
import type { WorkflowRecord } from '../store/WorkflowStore';
import { badge, duration } from './badge';

/** Runs on one page of the list. */
export const RUNS_PER_PAGE = 25;

/** The list of a repository's runs, and its workflows. */
export function renderRunList(options: {
  repository: ForgeRepository;
  runs: RunRecord[];
  total: number;
  page: number;
  workflows: WorkflowRecord[];
}): Html {
  const { repository, runs, total, page, workflows } = options;
  const base = `/${repository.fullName}/actions`;
  return html`<h1>Actions</h1>
    <p class="muted">
      ${
        workflows.length > 0
          ? html`Workflows:
            ${workflows.map(workflow => workflow.name).join(', ')}`
          : 'This repository has no workflow on its default branch.'
      }
    </p>
    <div class="box">
      <div class="head"><strong>${total} workflow runs</strong></div>
      ${
        runs.length === 0
          ? html`<div class="row">
              <span class="muted">No workflow has run yet.</span>
            </div>`
          : runs.map(
              run =>
                html`<div class="row">
                  ${badge(run.status, run.conclusion)}
                  <span class="grow"
                    ><a href="${base}/runs/${run.id}"
                      ><strong>${run.displayTitle}</strong></a
                    ><br />
                    <span class="muted"
                      >${run.name} #${run.runNumber} · ${run.event} by
                      ${run.triggeringActor} · ${run.headBranch ?? ''}
                      ${run.headSha.slice(0, 7)}</span
                    ></span
                  >
                  <span class="muted">${run.createdAt}</span>
                  <span class="muted"
                    >${duration(
                      run.runStartedAt,
                      run.status === 'completed' ? run.updatedAt : null,
                    )}</span
                  >
                </div>`,
            )
      }
    </div>
    <nav class="pager">
      ${page > 1 ? html`<a href="${base}?page=${page - 1}">Newer</a>` : ''}
      ${
        page * RUNS_PER_PAGE < total
          ? html`<a href="${base}?page=${page + 1}">Older</a>`
          : ''
      }
    </nav>`;
}
