// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import { createFinding } from '../shared/createFinding';
import { Fields, isRecord } from '../shared/Fields';
import { hadolintSeverity } from '../shared/severity';
import type { ToolResult } from '../shared/types';

/** Where a rule is explained: hadolint's wiki, or ShellCheck's. */
export function hadolintUrl(rule: string): string | undefined {
  if (/^DL\d{4}$/.test(rule)) {
    return `https://github.com/hadolint/hadolint/wiki/${rule}`;
  }
  return /^SC\d{4}$/.test(rule)
    ? `https://www.shellcheck.net/wiki/${rule}`
    : undefined;
}

/**
 * Reads hadolint's `json`, `codeclimate`, `gitlab_codeclimate`, `sonarqube` and
 * `codacy`: one finding for each check that failed.
 */
export function parseHadolint(value: unknown): ToolResult {
  const issues =
    isRecord(value) && Array.isArray(value.issues)
      ? value.issues
      : [value].flat();
  return {
    findings: issues.filter(isRecord).map(each => hadolintFinding(each)),
    errors: [],
  };
}

function hadolintFinding(value: Record<string, unknown>): Finding {
  const check = new Fields(value);
  const rule = check.text('code', 'check_name', 'ruleId', 'patternId') ?? '';
  const level = check.text('level', 'severity');
  const place = check.object('location');
  const lines = place.object('lines');
  const primary = check.object('primaryLocation');
  const range = primary.object('textRange');
  return createFinding({
    tool: 'hadolint',
    kind: 'misconfiguration',
    rule,
    severity: hadolintSeverity(level),
    message:
      check.text('message', 'description') ?? primary.text('message') ?? '',
    file:
      check.text('file', 'filename') ??
      place.text('path') ??
      primary.text('filePath'),
    line:
      check.number('line') ??
      lines.number('begin') ??
      range.number('startLine'),
    column: check.number('column'),
    url: hadolintUrl(rule),
    extra: check.skip('fingerprint', 'type', 'engineId').rest(),
  });
}
