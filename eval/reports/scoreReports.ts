// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import type { FindingTool } from '@greenroom/plugin-triage-common';
import { parseReport } from '../../packages/triage-engine/src/testing';
import { root } from '../data';
import type { Figure } from '../figures';

const FIXTURES = path.join(
  root,
  'packages/triage-engine/src/evidence/parse/__fixtures__',
);

// Counted apart from the schemas that are judged here.
type Json = ReturnType<typeof JSON.parse>;

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : 0);

/** What each tool counts in its own report. */
const OWN_COUNTS = {
  bandit: (report: Json) => {
    const totals = report.metrics._totals;
    return ['HIGH', 'MEDIUM', 'LOW', 'UNDEFINED'].reduce(
      (sum, level) => sum + (totals[`SEVERITY.${level}`] ?? 0),
      0,
    );
  },
  // "N vulnerable dependency paths"; issues that are on several are listed for each.
  snyk: (report: Json) => lengthOf(report.vulnerabilities),
  gitleaks: (report: Json) => lengthOf(report),
  trivy: (report: Json) => {
    const results: Json[] = Array.isArray(report)
      ? report
      : (report?.Results ?? []);
    return results.reduce(
      (sum, result) =>
        sum +
        lengthOf(result.Vulnerabilities) +
        lengthOf(result.Secrets) +
        lengthOf(result.Licenses) +
        (result.MisconfSummary?.Failures ?? lengthOf(result.Misconfigurations)),
      0,
    );
  },
} satisfies Partial<Record<FindingTool, (report: Json) => number>>;

const TOOLS = ['bandit', 'snyk', 'gitleaks', 'trivy'] as const;

/** Findings of real reports, against what the tools count themselves. */
export async function scoreReports(): Promise<Figure[]> {
  let right = 0;
  const wrong: string[] = [];
  for (const tool of TOOLS) {
    const folder = path.join(FIXTURES, tool);
    for (const name of fs.readdirSync(folder)) {
      if (!name.endsWith('.json')) {
        continue;
      }
      const content = fs.readFileSync(path.join(folder, name));
      const own = OWN_COUNTS[tool](JSON.parse(content.toString()));
      const { findings, errors } = parseReport({
        source: name,
        tool,
        content,
      });
      if (findings.length === own && errors.length === 0) {
        right += 1;
      } else {
        wrong.push(`${tool}/${name}: ${findings.length}, the tool says ${own}`);
      }
    }
  }
  for (const each of wrong) {
    process.stderr.write(`  ${each}\n`);
  }
  return [
    {
      part: 'reports',
      what: "scan reports: findings equal to the tools' own counts",
      value: right / (right + wrong.length),
      target: 1,
      bound: 'min',
      unit: 'share',
      of: `${right + wrong.length} reports`,
    },
  ];
}
