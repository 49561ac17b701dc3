// SPDX-License-Identifier: Apache-2.0
import type { FindingTool } from '@greenroom/plugin-triage-common';
import { LogLineDecoder } from '../../../logs/lines/LogLineDecoder';
import type { LogLine } from '../../../logs/types';
import { FindingCollector } from '../shared/FindingCollector';
import type { ToolResult } from '../shared/types';
import { createConsoles } from './createConsoles';

const MAX_FINDINGS = 100_000;

/**
 * What a tool, or any of them, printed into a file; undefined where none of them
 * is found in it.
 */
export function parsePrinted(
  content: Uint8Array,
  tool: FindingTool | undefined,
  source: string,
): ToolResult | undefined {
  const into = new FindingCollector(source, MAX_FINDINGS);
  const consoles = createConsoles(into, tool);
  writeLines(content, line => consoles.forEach(each => each.write(line)));
  consoles.forEach(each => each.end());
  const result = into.end();
  const isSeen = consoles.some(each => each.recognised);
  return isSeen || result.errors.length > 0 ? result : undefined;
}

/** The lines of a file. */
export function writeLines(
  content: Uint8Array,
  onLine: (line: LogLine) => void,
): void {
  const decoder = new LogLineDecoder(onLine);
  decoder.write(content);
  decoder.end();
}
