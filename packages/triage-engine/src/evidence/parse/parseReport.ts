// SPDX-License-Identifier: Apache-2.0
import {
  FINDING_TOOLS,
  type FindingTool,
} from '@greenroom/plugin-triage-common';
import { parseJunit } from './junit/parseJunit';
import { decodeReport } from './report/decodeReport';
import { detectTool } from './report/detectTool';
import { parseJson } from './report/parseJson';
import { parsePrinted, writeLines } from './report/parsePrinted';
import { parseTable } from './report/parseTable';
import { parseXml, xmlTool } from './report/parseXml';
import { readJson } from './report/readJson';
import { stageError } from './shared/stageError';
import { TestConsoleReader } from './TestConsoleReader';
import type { ReportFile } from '../../logs/types';
import type { ParseResult } from './types';

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_FINDINGS = 100_000;
/** What these print, or write into a file, when all is well. */
const SILENT = new Set<FindingTool>(['flake8', 'hadolint', 'pip-audit']);

/**
 * Reads a report that a tool wrote: the tool is the one that is given, or else
 * told by the content and, where that has nothing to tell by, by the path. JSON,
 * SARIF, XML, CSV, YAML and what tools print are told by the content.
 *
 * Never throws: what cannot be read is in `errors`, with code `broken-report`
 * (cut off, not JSON), `unknown-report` (no tool of ours wrote it),
 * `wrong-report` (another tool than the given one wrote it), `empty-report` or
 * `too-large`.
 */
export function parseReport(file: ReportFile): ParseResult {
  const tool = file.tool ?? undefined;
  const fail = (code: string, message: string): ParseResult => ({
    findings: [],
    tests: [],
    errors: [stageError(tool ?? 'parse', code, message, file.source)],
  });
  if (file.content.length > MAX_BYTES) {
    return fail('too-large', `It is larger than ${MAX_BYTES / 2 ** 20} MiB`);
  }
  try {
    const text = decodeReport(file.content).trim();
    if (text === '') {
      return tool && SILENT.has(tool)
        ? { findings: [], tests: [], errors: [] }
        : fail('empty-report', 'It is empty');
    }
    const result = readReport(file, text);
    return result ? bounded(result, file.source) : unknown(fail, tool);
  } catch (error) {
    return fail('broken-report', `It is broken or cut off${placeOf(error)}`);
  }
}

/** Where it is broken. The rest of such a message quotes the report, which may hold secrets. */
function placeOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const place =
    /\b(?:position \d{1,12}|line \d{1,12}|Row \d{1,12})\b/.exec(message) ??
    /^\d{1,12}:\d{1,12}(?=:)/.exec(message);
  return place ? ` at ${place[0].toLowerCase()}` : '';
}

function readReport(file: ReportFile, text: string): ParseResult | undefined {
  const { source, tool } = file;
  if (text.startsWith('<')) {
    return readXmlReport(file, text);
  }
  if (tool === 'pytest' || tool === 'junit') {
    return readTests(file);
  }
  const isJson = /^(?:[{[]|null\b)/.test(text);
  const result =
    parseTable(text, tool, source) ??
    (isJson ? undefined : parsePrinted(file.content, tool, source));
  if (result) {
    return { ...result, tests: [] };
  }
  if (isJson || /^[{[]/m.test(text)) {
    return readJsonReport(file, text);
  }
  return tool === undefined ? readTests(file) : undefined;
}

/** Test frameworks print, and pytest's report is JUnit. */
function readTests(file: ReportFile): ParseResult | undefined {
  const reader = new TestConsoleReader({ source: file.source });
  writeLines(file.content, line => reader.write(line));
  const result = reader.end();
  return result.tests.length > 0 ? result : undefined;
}

function readXmlReport(
  file: ReportFile,
  text: string,
): ParseResult | undefined {
  const found = xmlTool(text);
  if (found === 'junit' && isTestTool(file.tool)) {
    return parseJunit(file);
  }
  return found && (file.tool ?? found) === found
    ? { ...parseXml(text, found), tests: [] }
    : undefined;
}

function readJsonReport(
  file: ReportFile,
  text: string,
): ParseResult | undefined {
  const { source, tool } = file;
  let value: unknown;
  try {
    value = readJson(text);
  } catch (error) {
    // `[main] INFO …` is how bandit starts to print: no JSON, but its report.
    const printed = parsePrinted(file.content, tool, source);
    if (printed) {
      return { ...printed, tests: [] };
    }
    throw error;
  }
  const found = detectTool(value);
  const nothing = value === null || isEmpty(value);
  const reader = found ?? (nothing ? (tool ?? toolOfPath(source)) : undefined);
  if (!reader || (tool && reader !== tool && reader !== 'sarif')) {
    return undefined;
  }
  const result = parseJson(value, reader, source);
  const isOther = result?.findings.some(
    each => each.tool !== (tool ?? each.tool),
  );
  return result && (tool === 'sarif' || !isOther)
    ? { ...result, tests: [] }
    : undefined;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && Object.keys(value ?? {}).length === 0;
}

function isTestTool(tool: FindingTool | undefined): boolean {
  return tool === undefined || tool === 'junit' || tool === 'pytest';
}

/** `reports/trivy-image.json` is Trivy's. */
function toolOfPath(source: string): FindingTool | undefined {
  const path = source.toLowerCase();
  return FINDING_TOOLS.find(tool => path.includes(tool));
}

function bounded(result: ParseResult, source: string): ParseResult {
  const { findings, errors } = result;
  return findings.length <= MAX_FINDINGS
    ? result
    : {
        ...result,
        findings: findings.slice(0, MAX_FINDINGS),
        errors: [
          ...errors,
          stageError(
            'parse',
            'too-many-findings',
            `${findings.length - MAX_FINDINGS} of ${findings.length} findings are left out`,
            source,
          ),
        ],
      };
}

function unknown(
  fail: (code: string, message: string) => ParseResult,
  tool: FindingTool | undefined,
): ParseResult {
  return tool
    ? fail('wrong-report', `It is no report of ${tool} in a form that is known`)
    : fail('unknown-report', 'No tool that is known wrote it');
}
