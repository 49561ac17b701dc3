// SPDX-License-Identifier: Apache-2.0
import type { Finding, StageError } from '@greenroom/plugin-triage-common';
import { createFinding } from '../shared/createFinding';
import { Fields, isRecord } from '../shared/Fields';
import { cweOf } from '../shared/identifiers';
import { severityOf } from '../shared/severity';
import { stageError } from '../shared/stageError';
import type { ToolResult } from '../shared/types';
import { hidePassword, holdsPassword } from './hidePassword';

/**
 * Reads bandit's `json`, and what its `yaml` and `csv` hold in the same fields:
 * one finding for each result, as bandit's `metrics._totals` counts them; files
 * that it could not read are errors.
 *
 * The form is that of bandit's `formatters/json.py`; `issue_cwe` and columns
 * came with 1.7.
 */
export function parseBandit(value: unknown, source: string): ToolResult {
  const report = new Fields(value);
  return {
    findings: report.list('results').filter(isRecord).map(banditFinding),
    errors: report.list('errors').map(each => skippedFile(each, source)),
  };
}

/** A row of bandit's report. */
export function banditFinding(value: unknown): Finding {
  const result = new Fields(value);
  const rule = result.text('test_id') ?? '';
  const lines = result.list('line_range').map(Number).filter(Number.isInteger);
  const column = result.number('col_offset');
  const cwe = result.object('issue_cwe').text('id') ?? cweLink(result);
  const url = result.text('more_info');
  result.skip('end_col_offset');
  if (holdsPassword(rule)) {
    result.skip('code');
  }
  return createFinding({
    tool: 'bandit',
    kind: 'sast',
    severity: severityOf(result.text('issue_severity')),
    message: hidePassword(rule, result.text('issue_text') ?? ''),
    rule: rule || (result.text('test_name') ?? ''),
    file: result.text('filename'),
    line: result.number('line_number'),
    endLine: lines.at(-1),
    // bandit counts columns from 0, we from 1; -1 is none.
    column: column === undefined ? undefined : column + 1,
    identifiers: [cweOf(cwe ?? '') ?? ''],
    url,
    extra: result.rest(),
  });
}

/** In CSV, `issue_cwe` is the address of its page. */
function cweLink(result: Fields): string | undefined {
  const link = result.text('issue_cwe') ?? '';
  return /\/definitions\/(\d{1,5})\.html/.exec(link.slice(0, 200))?.[1];
}

function skippedFile(value: unknown, source: string): StageError {
  const error = new Fields(value);
  const file = error.text('filename') ?? 'a file';
  const reason = error.text('reason') ?? 'no reason is given';
  return stageError(
    'bandit',
    'file-not-scanned',
    `bandit did not scan ${file}: ${reason}`,
    source,
  );
}
