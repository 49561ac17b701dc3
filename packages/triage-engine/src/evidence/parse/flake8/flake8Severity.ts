// SPDX-License-Identifier: Apache-2.0
import type { FindingSeverity } from '@greenroom/plugin-triage-common';

/** What flake8 runs pyflakes (F) and the compiler (E9) for may break a program. */
export function flake8Severity(code: string): FindingSeverity {
  return /^(?:F\d|E9)/.test(code) ? 'medium' : 'low';
}
