// SPDX-License-Identifier: Apache-2.0
import type { Finding, FindingTool } from '@greenroom/plugin-triage-common';

import { snykKind } from '../snyk/snykKind';

type Kind = Finding['kind'];

/** Our tools, as they call themselves in SARIF, and what they look for. */
const TOOLS: Array<[RegExp, FindingTool, Kind]> = [
  [/^bandit\b/i, 'bandit', 'sast'],
  [/^snyk ?code\b/i, 'snyk', 'sast'],
  [/^snyk container\b/i, 'snyk', 'container-cve'],
  [/^snyk (?:iac|infrastructure)\b/i, 'snyk', 'misconfiguration'],
  [/^snyk\b/i, 'snyk', 'sca'],
  [/^gitleaks\b/i, 'gitleaks', 'secret'],
  [/^trivy\b/i, 'trivy', 'sca'],
  [/^hadolint\b/i, 'hadolint', 'misconfiguration'],
  [/^flake8\b/i, 'flake8', 'lint'],
  [/^pip-audit\b/i, 'pip-audit', 'sca'],
];

/** What kinds of tools look for, by words in their names. */
const KINDS: Array<[RegExp, Kind]> = [
  [/codeql|semgrep|sonar|gosec|brakeman|njsscan|opengrep/i, 'sast'],
  [/secret|trufflehog|credscan/i, 'secret'],
  [
    /checkov|kics|tfsec|terrascan|kube|zizmor|dockle|datree/i,
    'misconfiguration',
  ],
  [/grype|scout|clair/i, 'container-cve'],
  [/osv|audit|dependency|govulncheck/i, 'sca'],
  [/lint|ruff|pylint|shellcheck|stylecop|mypy|clippy|detekt|rubocop/i, 'lint'],
];

/** Trivy names the class of a result in the rule's name. */
const TRIVY_KINDS: Record<string, Kind> = {
  OsPackageVulnerability: 'container-cve',
  LanguageSpecificPackageVulnerability: 'sca',
  Misconfiguration: 'misconfiguration',
  Secret: 'secret',
  License: 'license',
};

/** Which of our tools a run is of; `sarif` for others. */
export function sarifTool(driver: string): { tool: FindingTool; kind: Kind } {
  const known = TOOLS.find(([name]) => name.test(driver));
  if (known) {
    return { tool: known[1], kind: known[2] };
  }
  const kind = KINDS.find(([name]) => name.test(driver))?.[1];
  return { tool: 'sarif', kind: kind ?? 'other' };
}

/** The kind of one result, where its rule says more than the tool's name. */
export function sarifKind(
  tool: FindingTool,
  kind: Kind,
  rule: { id: string; name?: string; tags: string[] },
): Kind {
  if (tool === 'trivy') {
    return TRIVY_KINDS[rule.name ?? ''] ?? kind;
  }
  if (tool === 'snyk') {
    return snykKind(rule.id, kind);
  }
  return kind === 'other' && rule.tags.includes('security') ? 'sast' : kind;
}
