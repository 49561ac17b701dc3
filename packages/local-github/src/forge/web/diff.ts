// SPDX-License-Identifier: Apache-2.0
import type { FileDiff } from '../git/diffs';
import { html, type Html } from './html';

// Beyond this a page would not open well.
const MAX_FILES = 100;
const MAX_LINES = 2000;

function lineClass(line: string): string {
  switch (line[0]) {
    case '+':
      return 'add';
    case '-':
      return 'del';
    case '@':
      return 'hunk';
    default:
      return '';
  }
}

function patchRows(patch: string): Html {
  const lines = patch.split('\n');
  return html`<div class="scroll">
    <table class="code">
      ${lines.slice(0, MAX_LINES).map(
        line =>
          html`<tr class="${lineClass(line)}">
            <td>${line}</td>
          </tr>`,
      )}
      ${
        lines.length > MAX_LINES &&
        html`<tr class="hunk">
          <td>… ${lines.length - MAX_LINES} more lines</td>
        </tr>`
      }
    </table>
  </div>`;
}

/** Changed files with their hunks. */
export function renderDiff(files: FileDiff[]): Html {
  return html`<p class="muted">
      ${files.length} changed ${files.length === 1 ? 'file' : 'files'}
    </p>
    ${files.slice(0, MAX_FILES).map(
      file =>
        html`<div class="box">
          <div class="head">
            <strong class="mono"
              >${file.previousPath ? `${file.previousPath} → ${file.path}` : file.path}</strong
            >
            <span class="muted"
              >${file.status} +${file.additions} −${file.deletions}</span
            >
          </div>
          ${
            file.patch === undefined
              ? html`<div class="body muted">No textual change to show.</div>`
              : patchRows(file.patch)
          }
        </div>`,
    )}
    ${files.length > MAX_FILES && html`<p class="muted">… ${files.length - MAX_FILES} more files</p>`}`;
}
