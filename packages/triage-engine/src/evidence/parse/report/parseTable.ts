// SPDX-License-Identifier: Apache-2.0
import type { FindingTool } from '@greenroom/plugin-triage-common';
import { parse } from 'yaml';
import { banditFinding, parseBandit } from '../bandit/parseBandit';
import { parseGitleaks } from '../gitleaks/parseGitleaks';
import type { ToolResult } from '../shared/types';
import { readCsv } from './readCsv';

const BANDIT_CSV = 'filename,test_name,test_id,';
const GITLEAKS_CSV = 'RuleID,Commit,File,';
/** The parser needs many times as much. */
const MAX_YAML = 4 * 1024 * 1024;

/**
 * Reads bandit's `csv` and `yaml` and gitleaks' `csv`; undefined for other texts.
 *
 * @throws Error where it is broken
 */
export function parseTable(
  text: string,
  tool: FindingTool | undefined,
  source: string,
): ToolResult | undefined {
  const isOf = (name: FindingTool) => tool === undefined || tool === name;
  if (text.startsWith(BANDIT_CSV) && isOf('bandit')) {
    return { findings: readCsv(text).map(banditRow), errors: [] };
  }
  if (text.startsWith(GITLEAKS_CSV) && isOf('gitleaks')) {
    return parseGitleaks(readCsv(text));
  }
  // bandit sorts the keys, and writes all of them.
  const isYaml = text.startsWith('errors:') && text.includes('\nresults:');
  if (isYaml && isOf('bandit')) {
    if (text.length > MAX_YAML) {
      throw new RangeError(`YAML of more than ${MAX_YAML / 2 ** 20} MiB`);
    }
    return parseBandit(parse(text), source);
  }
  return undefined;
}

/** Of the lines, CSV has `[6, 7]`. */
function banditRow(row: Record<string, string>) {
  const lines = row.line_range?.match(/\d{1,9}/g) ?? [];
  return banditFinding({ ...row, line_range: lines });
}
