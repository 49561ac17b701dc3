// SPDX-License-Identifier: Apache-2.0
import type { Change } from '@greenroom/plugin-triage-common';

/** Slower than this many times, and by this many seconds. */
const FACTOR = 2;
const SECONDS = 30;

function format(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** Jobs and steps that took more than twice as long and over 30 s longer, the slowest first. */
export function compareDurations(
  green: Record<string, number> = {},
  failed: Record<string, number> = {},
): Change[] {
  return Object.entries(failed)
    .filter(([name]) => Object.hasOwn(green, name))
    .map(([name, after]) => ({ name, before: green[name], after }))
    .filter(
      ({ before, after }) =>
        before >= 0 && after > before * FACTOR && after - before > SECONDS,
    )
    .sort(
      (a, b) =>
        b.after - b.before - (a.after - a.before) || (a.name < b.name ? -1 : 1),
    )
    .map(({ name, before, after }) => ({
      kind: 'duration',
      name,
      before: format(before),
      after: format(after),
    }));
}
