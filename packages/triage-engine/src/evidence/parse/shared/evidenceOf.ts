// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../../logs/types';

const MAX_QUOTE = 500;

/** A line as proof. A long one is quoted from its start. */
export function evidenceOf(source: string, line: LogLine): Evidence {
  return {
    source,
    line: line.number,
    quote: line.text.slice(0, MAX_QUOTE).trim(),
  };
}
