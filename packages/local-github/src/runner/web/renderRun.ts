// SPDX-License-Identifier: Apache-2.0
import type { ForgeRepository } from '../../forge/types';
import { html, type Html } from '../../forge/web/html';
import { renderMarkdown } from '../../forge/web/markdown';
import type { RunnerParts } from '../routes/RunnerParts';
import type { RunRecord } from '../store/RunStore';
import { badge, duration } from './badge';

/** One run: its jobs and their steps, annotations, summaries and artifacts. */
export function renderRun(
  { services }: RunnerParts,
  repository: ForgeRepository,
  run: RunRecord,
): Html {
  const { store } = services;
  const base = `/${repository.fullName}/actions/runs/${run.id}`;
  const jobs = store.jobs.list(run.id, run.runAttempt);
  const annotations = jobs.flatMap(job =>
    store.jobs.annotations(job).map(annotation => ({ job, annotation })),
  );
  const artifacts = store.artifacts.list({ runId: run.id });
  return html`<h1>${badge(run.status, run.conclusion)} ${run.displayTitle}</h1>
    <p class="muted">
      ${run.name} #${run.runNumber}, attempt ${run.runAttempt} · ${run.event} by
      ${run.triggeringActor} ·
      <a href="/${repository.fullName}/commit/${run.headSha}" class="mono"
        >${run.headSha.slice(0, 7)}</a
      >
      ${run.headBranch ?? ''} · ${run.path}
    </p>
    ${
      run.message
        ? html`<div class="box">
            <div class="head"><strong>This run could not go on</strong></div>
            <div class="body"><pre>${run.message}</pre></div>
          </div>`
        : ''
    }
    <div class="box">
      <div class="head"><strong>Jobs</strong></div>
      ${
        jobs.length === 0
          ? html`<div class="row">
              <span class="muted">No job has started.</span>
            </div>`
          : jobs.map(
              job =>
                html`<div class="row">
                  ${badge(job.status, job.conclusion)}
                  <span class="grow"
                    ><a href="${base}/job/${job.id}"
                      ><strong>${job.name}</strong></a
                    ><br />
                    <span class="muted"
                      >${store.jobs
                        .steps(job)
                        .map(
                          step =>
                            `${step.name} (${step.conclusion ?? step.status})`,
                        )
                        .join(' · ')}</span
                    ></span
                  >
                  <span class="muted"
                    >${duration(job.startedAt, job.completedAt)}</span
                  >
                </div>`,
            )
      }
    </div>
    ${
      annotations.length > 0
        ? html`<div class="box">
            <div class="head"><strong>Annotations</strong></div>
            ${annotations.map(
              ({ job, annotation }) =>
                html`<div class="row">
                  <span class="pill ${annotation.level}"
                    >${annotation.level}</span
                  >
                  <span class="grow"
                    ><strong>${annotation.title || job.name}</strong> ${
                      annotation.path
                        ? html`<span class="mono"
                            >${annotation.path}${annotation.startLine ? `:${annotation.startLine}` : ''}</span
                          >`
                        : ''
                    }<br />
                    ${annotation.message}</span
                  >
                </div>`,
            )}
          </div>`
        : ''
    }
    ${jobs
      .filter(job => job.summary !== '')
      .map(
        job =>
          html`<div class="box">
            <div class="head"><strong>${job.name} summary</strong></div>
            <div class="body markdown">${renderMarkdown(job.summary)}</div>
          </div>`,
      )}
    ${
      artifacts.length > 0
        ? html`<div class="box">
            <div class="head"><strong>Artifacts</strong></div>
            ${artifacts.map(
              artifact =>
                html`<div class="row">
                  <span class="grow"
                    ><a href="${base}/artifacts/${artifact.id}"
                      >${artifact.name}</a
                    ></span
                  >
                  <span class="muted">${artifact.size} bytes</span>
                </div>`,
            )}
          </div>`
        : ''
    }`;
}
