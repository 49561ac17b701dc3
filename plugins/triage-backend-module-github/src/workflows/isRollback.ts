// SPDX-License-Identifier: Apache-2.0

/** What of a pull request tells what it is for. */
export interface OpenPull {
  title: string;
  head: { ref: string; repo: { full_name: string } | null };
  labels: Array<{ name?: string }>;
}

const HANDOFF = 'handoff/';
const ROLLBACK = '-rollback';

/**
 * Whether a pull request takes something back: `greenroom-ml handoff rollback` proposes
 * `handoff/MODEL-ENVIRONMENT-rollback` with the title `MODEL: …`, GitHub's own button
 * `revert-NUMBER-…` with `Revert "…"`; else the label `rollback` says it. From a fork
 * anybody may propose anything.
 */
export function isRollback(
  { head, labels, title }: OpenPull,
  of: {
    repository: string;
    /** Where the repository holds others too. */
    model?: string;
  },
): boolean {
  const isProposed =
    head.ref.startsWith(HANDOFF) && head.ref.endsWith(ROLLBACK);
  return (
    head.repo?.full_name.toLowerCase() === of.repository.toLowerCase() &&
    (isProposed ||
      /^revert-\d/.test(head.ref) ||
      title.startsWith('Revert "') ||
      labels.some(({ name }) => name === 'rollback')) &&
    (of.model === undefined ||
      title.split(/[^\w.-]+/).includes(of.model) ||
      (isProposed && isOfModel(head.ref, of.model)))
  );
}

/** Environments have no dash, models may: `churn-eu` is not `churn`. */
function isOfModel(ref: string, model: string): boolean {
  const start = `${HANDOFF}${model}-`;
  return (
    ref.startsWith(start) &&
    !ref.slice(start.length, -ROLLBACK.length).includes('-')
  );
}
