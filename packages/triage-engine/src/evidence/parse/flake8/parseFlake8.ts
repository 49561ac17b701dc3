// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import { createFinding } from '../shared/createFinding';
import { Fields, isRecord } from '../shared/Fields';
import type { ToolResult } from '../shared/types';
import { flake8Severity } from './flake8Severity';

/** The code that flake8-gl-codeclimate puts behind the text. */
const CODE_BEHIND = /^(.*) \[([A-Z]{1,8}\d{0,4})\]$/s;

/**
 * Reads what flake8's formatter plugins write: flake8-json (`json`,
 * `json-pretty`, `codeclimate`: lists by file) and flake8-gl-codeclimate (one
 * list). One finding for each violation.
 */
export function parseFlake8(value: unknown): ToolResult {
  const lists = isRecord(value) ? Object.values(value) : [value];
  return {
    findings: lists.flat().filter(isRecord).map(flake8Finding),
    errors: [],
  };
}

function flake8Finding(value: Record<string, unknown>): Finding {
  const violation = new Fields(value);
  const place = violation.object('location');
  const begin = place.object('positions').object('begin');
  const text = violation.text('text', 'description') ?? '';
  const behind = CODE_BEHIND.exec(text.slice(0, 2000));
  const check = violation.text('code', 'check_name') ?? '';
  const rule = behind && !/\d/.test(check) ? behind[2] : check;
  return createFinding({
    tool: 'flake8',
    kind: 'lint',
    rule,
    severity: flake8Severity(rule),
    message: behind ? behind[1] : text,
    file: violation.text('filename') ?? place.text('path'),
    line:
      violation.number('line_number') ??
      begin.number('line') ??
      place.object('lines').number('begin'),
    column: violation.number('column_number') ?? begin.number('column'),
    extra: violation
      .skip('type', 'fingerprint', 'categories', 'severity')
      .rest(),
  });
}
