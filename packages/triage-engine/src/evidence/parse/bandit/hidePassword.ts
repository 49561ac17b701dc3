// SPDX-License-Identifier: Apache-2.0

/** Hard-coded passwords: bandit prints what it found. */
const RULES = new Set(['B105', 'B106', 'B107']);

/** Whether what bandit says of this rule holds the password itself. */
export function holdsPassword(rule: string): boolean {
  return RULES.has(rule);
}

/** `Possible hardcoded password: 'hunter2'` without the password. */
export function hidePassword(rule: string, message: string): string {
  const colon = message.indexOf(':');
  return holdsPassword(rule) && colon >= 0
    ? `${message.slice(0, colon)}: [not shown]`
    : message;
}
