// SPDX-License-Identifier: Apache-2.0

/** What every dispatch is decided from; nothing a model said is among it. */
export interface DispatchFacts {
  /** What the portal's configuration says of it (`KEY.enabled`). */
  portalAllows: boolean;
  /** Whether a module can start one. */
  canDispatch: boolean;
  /** Earlier ones of this repository, ms since 1970. */
  earlier: number[];
  isRunning: boolean;
  now: number;
}

const HOUR_MS = 3_600_000;

/** For people. */
export function toDuration(ms: number): string {
  const isShort = ms < 24 * HOUR_MS;
  const unit = isShort ? 'hour' : 'day';
  const count = Math.round((ms / HOUR_MS / (isShort ? 1 : 24)) * 100) / 100;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A reason, where something is not as it has to be. */
export const unless = (isFine: boolean, reason: string) =>
  isFine ? [] : [reason];

/** Why nothing is started; each reason names who could change it. Empty where it may be. */
export function refuseDispatch(
  facts: DispatchFacts,
  options: {
    /** Of the configuration. */
    key: string;
    /** `a training` */
    what: string;
    cooldownMs: number;
  },
): string[] {
  const { canDispatch, earlier, isRunning, now, portalAllows } = facts;
  const { cooldownMs, key, what } = options;
  const last = Math.max(...earlier, -Infinity);
  return [
    ...unless(
      portalAllows,
      `this portal starts none (${key}.enabled; the portal’s operators)`,
    ),
    ...unless(canDispatch, 'no module of this portal can start one'),
    ...(now - last < cooldownMs
      ? [
          `one was started at ${new Date(last).toISOString()}, and the next comes ${toDuration(cooldownMs)} later at the earliest (${key}.cooldown)`,
        ]
      : []),
    ...unless(!isRunning, `${what} of this model is running`),
  ];
}
