// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import { createFinding } from '../shared/createFinding';
import { Fields, isRecord } from '../shared/Fields';
import type { ToolResult } from '../shared/types';

/** Fields that hold the secret, or the text around it, in any version. */
const SECRET_FIELDS =
  /^(?:secret|match|offender|line|finding|context|content|raw|value|code)$/i;
/** Shorter ones would take ordinary words out of the rest. */
const MIN_SECRET = 4;
const SHOWN = /^(?:REDACTED|\*+)$/;

/**
 * Reads gitleaks' `json`, of version 8 (`RuleID`, `StartLine`) and before
 * (`rule`, `offender`), and rows of its `csv`, which have the same names. One
 * finding for each leak, as its `leaks found` counts them.
 *
 * The secret itself never gets into a finding, nor the line around it, also
 * where another field repeats it.
 */
export function parseGitleaks(value: unknown): ToolResult {
  const leaks = [value].flat().filter(isRecord);
  return { findings: leaks.map(gitleaksFinding), errors: [] };
}

function gitleaksFinding(value: Record<string, unknown>): Finding {
  const hide = hiderOf(value);
  const leak = new Fields(hide(value));
  const rule = leak.text('RuleID', 'rule') ?? '';
  const line = leak.number('StartLine', 'lineNumber');
  const endLine = leak.number('EndLine');
  const commit = leak.text('Commit', 'commit');
  const finding = createFinding({
    tool: 'gitleaks',
    kind: 'secret',
    rule,
    // gitleaks rates nothing.
    severity: 'high',
    message: leak.text('Description') ?? rule,
    file: leak.text('File', 'file'),
    line,
    endLine: endLine !== line ? endLine : undefined,
    column: leak.number('StartColumn'),
    url: leak.text('Link', 'leakURL'),
    extra: leak
      .skip('EndColumn', 'Email', 'email', 'Entropy')
      .rest({ Commit: commit, Tags: leak.texts('Tags', 'tags') }),
  });
  return finding;
}

/** Makes a copy of a leak without its secret. */
function hiderOf(
  leak: Record<string, unknown>,
): (value: Record<string, unknown>) => Record<string, unknown> {
  const secrets = Object.entries(leak)
    .filter(([key]) => SECRET_FIELDS.test(key))
    .flatMap(([, text]) => (typeof text === 'string' ? text.split('\n') : []))
    .map(text => text.trim())
    .filter(text => text.length >= MIN_SECRET && !SHOWN.test(text))
    .sort((a, b) => b.length - a.length)
    .slice(0, 100);
  const hideText = (text: string) =>
    secrets.reduce((rest, each) => rest.replaceAll(each, '[not shown]'), text);
  const hide = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return hideText(value);
    }
    return Array.isArray(value)
      ? value
          .slice(0, 100)
          .map(each => (typeof each === 'string' ? hide(each) : null))
      : value;
  };
  return value =>
    Object.fromEntries(
      Object.entries(value)
        // What a later version nests may hold the secret as well.
        .filter(([key, each]) => !SECRET_FIELDS.test(key) && !isRecord(each))
        .map(([key, each]) => [key, hide(each)]),
    );
}
