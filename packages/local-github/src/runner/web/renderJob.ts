// SPDX-License-Identifier: Apache-2.0
import type { ForgeRepository } from '../../forge/types';
import { html, Html } from '../../forge/web/html';
import type { JobRecord, StepRecord } from '../store/JobStore';
import type { RunRecord } from '../store/RunStore';
import { badge, duration } from './badge';

/** Lines of one step that the page shows; the whole log is a download. */
const MAX_LINES = 5_000;

/** One job with its log; each line has the anchor `#step:N:L` that GitHub's links use. */
export function renderJob(
  repository: ForgeRepository,
  run: RunRecord,
  job: JobRecord,
  steps: { step: StepRecord; log: string }[],
): Html {
  const base = `/${repository.fullName}/actions/runs/${run.id}`;
  return html`<h1>${badge(job.status, job.conclusion)} ${job.name}</h1>
    <p class="muted">
      <a href="${base}">${run.displayTitle}</a> · ${run.name} #${run.runNumber}
      · ${duration(job.startedAt, job.completedAt)}
    </p>
    ${
      steps.length === 0
        ? html`<p class="muted">This job has no step that ran.</p>`
        : steps.map(({ step, log }) => renderStep(step, log))
    }`;
}

function renderStep(step: StepRecord, log: string): Html {
  const lines = log === '' ? [] : log.replace(/\n$/, '').split('\n');
  const shown = lines.slice(0, MAX_LINES);
  return html`<div class="box" id="step:${step.number}">
    <div class="head">
      <strong>${step.number}. ${step.name}</strong>
      <span>
        ${badge(step.status, step.conclusion)}
        <span class="muted">${duration(step.startedAt, step.completedAt)}</span>
      </span>
    </div>
    ${
      shown.length > 0
        ? html`<div class="scroll">
            <table class="code">
              ${shown.map((line, index) => renderLine(step.number, index + 1, line))}
            </table>
          </div>`
        : ''
    }
    ${
      lines.length > shown.length
        ? html`<div class="row muted">
            ${lines.length - shown.length} more lines are in the log archive.
          </div>`
        : ''
    }
  </div>`;
}

function renderLine(step: number, number: number, line: string): Html {
  // The timestamp stands in the title; colours are for terminals.
  const space = line.indexOf(' ');
  const time = line.slice(0, space);
  const text = line.slice(space + 1).replace(/\p{Cc}\[[0-9;]*[A-Za-z]/gu, '');
  const anchor = `step:${step}:${number}`;
  const isError = text.startsWith('##[error]');
  return html`<tr id="${anchor}" ${isError ? new Html('class="del"') : ''}>
    <td class="num" title="${time}"><a href="#${anchor}">${number}</a></td>
    <td>${text}</td>
  </tr>`;
}
