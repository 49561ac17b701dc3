// SPDX-License-Identifier: Apache-2.0
import type { FindingTool } from '@greenroom/plugin-triage-common';
import { gateTags } from '../gate/parseGate';
import { isRecord } from '../shared/Fields';

type Item = Record<string, unknown>;

/** How entries of a list tell which tool wrote it. */
const ENTRIES: Array<[FindingTool, (entry: Item) => boolean]> = [
  ['trivy', entry => 'Target' in entry],
  ['gitleaks', entry => 'RuleID' in entry || isOldLeak(entry)],
  [
    'pip-audit',
    entry => 'name' in entry && ('vulns' in entry || 'skip_reason' in entry),
  ],
  ['hadolint', entry => /^(?:DL|SC)\d{4}$/.test(ruleOf(entry))],
  ['flake8', isViolation],
  ['snyk', isSnykProject],
];

/**
 * Which tool wrote a JSON report, by what it holds; undefined where it does not
 * tell, as a list without entries.
 */
export function detectTool(value: unknown): FindingTool | undefined {
  if (Array.isArray(value)) {
    return detectList(value.flat());
  }
  if (!isRecord(value)) {
    return undefined;
  }
  if (Array.isArray(value.runs) && isSarif(value)) {
    return 'sarif';
  }
  if (
    Array.isArray(value.results) &&
    ('metrics' in value || 'generated_at' in value)
  ) {
    return 'bandit';
  }
  if ('SchemaVersion' in value || 'ClusterName' in value) {
    return 'trivy';
  }
  if (
    Array.isArray(value.dependencies) &&
    ('fixes' in value || value.dependencies.length > 0)
  ) {
    return detectList(value.dependencies) ?? emptyAudit(value);
  }
  if (Array.isArray(value.issues)) {
    const isHadolint = value.issues.some(
      each => isRecord(each) && each.engineId === 'Hadolint',
    );
    return isHadolint ? 'hadolint' : undefined;
  }
  if (gateTags(value)) {
    return 'gate';
  }
  const lists = Object.values(value);
  return (
    detectList([value]) ??
    (lists.length > 0 && lists.every(Array.isArray)
      ? detectViolations(lists.flat())
      : undefined)
  );
}

function detectList(list: unknown[]): FindingTool | undefined {
  const entries = list.filter(isRecord).slice(0, 20);
  return ENTRIES.find(([, test]) => entries.some(test))?.[0];
}

/** flake8 lists by file, also files without violations. */
function detectViolations(entries: unknown[]): FindingTool | undefined {
  return entries.every(each => isRecord(each) && isViolation(each))
    ? 'flake8'
    : undefined;
}

function emptyAudit(value: Item): FindingTool | undefined {
  return 'fixes' in value ? 'pip-audit' : undefined;
}

function isSarif(value: Item): boolean {
  const schema = typeof value.$schema === 'string' ? value.$schema : '';
  const version = typeof value.version === 'string' ? value.version : '';
  return /sarif/i.test(schema) || version.startsWith('2.');
}

function isOldLeak(entry: Item): boolean {
  return 'offender' in entry && 'rule' in entry;
}

function isSnykProject(entry: Item): boolean {
  return (
    'infrastructureAsCodeIssues' in entry ||
    (Array.isArray(entry.vulnerabilities) &&
      ['ok', 'dependencyCount', 'packageManager', 'uniqueCount'].some(
        key => key in entry,
      )) ||
    (entry.ok === false && 'error' in entry && 'path' in entry)
  );
}

function ruleOf(entry: Item): string {
  const rule = entry.code ?? entry.check_name ?? entry.patternId ?? '';
  return typeof rule === 'string' ? rule : '';
}

function isViolation(entry: Item): boolean {
  const { check_name: check, description } = entry;
  const isDefault = 'code' in entry && 'line_number' in entry;
  const isClimate =
    typeof check === 'string' && /^[A-Z]{1,4}\d{1,4}$/.test(check);
  const isGitLab =
    typeof description === 'string' &&
    /\[[A-Z]{1,4}\d{1,4}\]$/.test(description.slice(-20));
  return isDefault || isClimate || isGitLab;
}
