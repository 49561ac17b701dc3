// SPDX-License-Identifier: Apache-2.0
import type { RunAttempt } from './GithubRepository';

const HEADING = '\n#### Runs that failed like this, the newest first\n';
const LINE =
  /^- \[run \d{1,10}, attempt \d{1,6}\]\((https?:\/\/[\w.:/-]{1,500}\/actions\/runs\/(\d{1,20}))\) of [0-9a-f]{40}$/;
const MAX_LINES = 20;

/** One run in the list below a report. */
export function runLine(run: RunAttempt): string {
  return `- [run ${run.run_number}, attempt ${run.run_attempt ?? 1}](${run.html_url}) of ${run.head_sha}`;
}

/**
 * The list below a report that stands on GitHub. What looks like it further up is
 * quoted text.
 */
export function readRunLines(body: string): string[] {
  const text = body.replaceAll('\r\n', '\n');
  const start = text.lastIndexOf(HEADING);
  return start < 0
    ? []
    : text
        .slice(start + HEADING.length)
        .split('\n')
        .filter(line => LINE.test(line));
}

/** The id of the run that a line names. */
export function runIdOf(line: string): number | undefined {
  const id = LINE.exec(line)?.[2];
  return id === undefined ? undefined : Number(id);
}

/** A report with the runs that ended with it. */
export function withRunLines(markdown: string, lines: string[]): string {
  const unique = [...new Set(lines)].slice(0, MAX_LINES);
  return `${markdown.trimEnd()}\n${HEADING}\n${unique.join('\n')}\n`;
}
