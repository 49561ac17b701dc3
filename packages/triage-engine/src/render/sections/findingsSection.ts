// SPDX-License-Identifier: Apache-2.0
import {
  FINDING_SEVERITIES,
  type Finding,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import type { RenderLimits } from '../renderLimits';
import { codeSpan } from '../markup/codeSpan';
import { markdownProse } from '../markup/markdownProse';
import { markdownTable } from '../markup/markdownTable';
import { andMore, counted } from './andMore';

const rank = (finding: Finding) => FINDING_SEVERITIES.indexOf(finding.severity);

function placeOf({ file, line, package: name, version }: Finding): string {
  const place = file && codeSpan(line ? `${file}:${line}` : file, 120);
  const library =
    name && codeSpan([name, version].filter(Boolean).join(' '), 100);
  return [library, place].filter(Boolean).join(' in ') || '–';
}

function ruleOf({ rule, identifiers = [] }: Finding): string {
  const cve = identifiers.find(id => /^CVE-/i.test(id) && id !== rule);
  return [codeSpan(rule, 80), ...(cve ? [codeSpan(cve, 40)] : [])].join(' ');
}

function countSeverities(findings: Finding[]): string {
  return FINDING_SEVERITIES.map(severity => ({
    severity,
    count: findings.filter(finding => finding.severity === severity).length,
  }))
    .filter(({ count, severity }) => count > 0 && severity !== 'unknown')
    .map(({ severity, count }) => `${count} ${severity}`)
    .join(', ');
}

/** Findings as a person ranks them: the worst first, then as the tools gave them. */
export function rankedFindings(report: TriageReport): Finding[] {
  return report.findings
    .filter(({ kind }) => kind !== 'test' && kind !== 'gate')
    .map((finding, index) => ({ finding, index }))
    .sort((a, b) => rank(a.finding) - rank(b.finding) || a.index - b.index)
    .map(({ finding }) => finding);
}

/** What scanners and linters found. */
export function findingsSection(
  report: TriageReport,
  limits: RenderLimits,
): string[] {
  const findings = rankedFindings(report);
  if (findings.length === 0) {
    return [];
  }
  const shown = findings.slice(0, limits.findings);
  const rest = findings.slice(limits.findings);
  const hasFix = shown.some(
    ({ fixedVersion, package: name }) => fixedVersion || name,
  );
  const tools = [...new Set(findings.map(({ tool }) => tool))].join(', ');
  const severities = countSeverities(findings);
  const table = markdownTable(
    ['Severity', 'Rule', 'Where', 'Finding', ...(hasFix ? ['Fixed in'] : [])],
    shown.map(finding => [
      finding.severity === 'unknown' ? '–' : finding.severity,
      ruleOf(finding),
      placeOf(finding),
      markdownProse(finding.message, 200) || '–',
      ...(hasFix
        ? [
            finding.fixedVersion
              ? codeSpan(finding.fixedVersion, 60)
              : 'no fix known',
          ]
        : []),
    ]),
  );
  return [
    `#### ${counted(findings.length, 'finding')} of ${tools}`,
    ...(severities ? [severities] : []),
    table,
    ...andMore(
      findings.length,
      shown.length,
      countSeverities(rest) && `(${countSeverities(rest)})`,
    ),
  ];
}
