// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import {
  FINDING_TOOLS,
  type FindingTool,
} from '@greenroom/plugin-triage-common';
import { bufferInput } from '../logs/input/bufferInput';
import { readLines } from '../logs/lines/readLines';
import { Consoles } from '../evidence/parse/Consoles';
import { parseReport } from '../evidence/parse/parseReport';
import type { ParseResult } from '../evidence/parse/types';
import { createRedactor } from '../index';
import { UsageError } from './UsageError';

function isTool(tool: string): tool is FindingTool {
  return FINDING_TOOLS.some(each => each === tool);
}

/** What a tool printed, where its file is no report. */
async function parseConsole(
  content: Uint8Array,
  source: string,
): Promise<ParseResult> {
  const consoles = new Consoles(source);
  for await (const line of readLines(bufferInput(content, source))) {
    consoles.write(line);
  }
  return consoles.end();
}

/**
 * `parse TOOL FILE`: what a report, or a console's text, of a tool says. A file
 * that is neither ends with code 1 and says so in `errors`.
 */
export async function parseCommand(
  args: string[],
  resolve: (file: string) => string,
): Promise<{ result: ParseResult; code: number }> {
  const [tool, file] = args;
  if (args.length !== 2) {
    throw new UsageError(
      `parse takes a tool and a file: parse bandit report.json. Tools: ${FINDING_TOOLS.join(', ')}, auto`,
    );
  }
  if (tool !== 'auto' && !isTool(tool)) {
    throw new UsageError(
      `There is no parser for "${tool}"; there are: ${FINDING_TOOLS.join(', ')}, auto`,
    );
  }
  const content = await readFile(resolve(file));
  const source = file;
  const reported = parseReport({
    source,
    content,
    tool: tool === 'auto' ? undefined : tool,
  });
  const isReport = reported.errors.length === 0;
  const printed = isReport ? undefined : await parseConsole(content, source);
  const fromConsole =
    printed && (printed.findings.length > 0 || printed.tests.length > 0);
  const result = fromConsole ? printed : reported;
  return {
    result: createRedactor().redactDeep(result),
    code: result.errors.length > 0 ? 1 : 0,
  };
}
