// SPDX-License-Identifier: Apache-2.0
import { html, type Html } from '../../forge/web/html';
import type { Conclusion, Status } from '../types';

/** A pill that says how a run, job or step stands. */
export function badge(status: Status, conclusion: Conclusion | null): Html {
  const text = (conclusion ?? status).replace('_', ' ');
  const style =
    conclusion === 'startup_failure' ? 'failure' : (conclusion ?? '');
  return html`<span class="pill ${style}">${text}</span>`;
}

/** How long something took, as `1m 20s`. */
export function duration(from: string | null, to: string | null): string {
  if (!from) {
    return '';
  }
  const seconds = Math.max(
    0,
    Math.round(
      (Date.parse(to ?? new Date().toISOString()) - Date.parse(from)) / 1000,
    ),
  );
  return seconds < 60
    ? `${seconds}s`
    : `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}
