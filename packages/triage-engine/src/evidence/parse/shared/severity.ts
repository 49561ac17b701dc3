// SPDX-License-Identifier: Apache-2.0
import type { FindingSeverity } from '@greenroom/plugin-triage-common';

const WORDS: Record<string, FindingSeverity> = {
  critical: 'critical',
  blocker: 'critical',
  high: 'high',
  important: 'high',
  error: 'high',
  major: 'medium',
  medium: 'medium',
  moderate: 'medium',
  warning: 'medium',
  low: 'low',
  minor: 'low',
  note: 'low',
  info: 'info',
  informational: 'info',
  negligible: 'info',
  style: 'info',
  none: 'info',
};

/**
 * A tool's word for how bad something is, in ours.
 *
 * - bandit (`issue_severity`), Trivy (`Severity`) and Snyk
 *   (`severityWithCritical`, else `severity`): their words are ours; bandit's
 *   `UNDEFINED` and Trivy's `UNKNOWN` are `unknown`;
 * - hadolint (`level`): error, warning, info, style → high, medium, low, info;
 *   see {@link hadolintSeverity};
 * - SARIF: `security-severity` in GitHub's bands, else the level; see
 *   `sarif/sarifSeverity.ts`;
 * - pip-audit knows none: `unknown`;
 * - gitleaks knows none; a leaked secret is `high`, as DefectDojo has it;
 * - flake8 knows none; pyflakes' messages (F) and what cannot be read (E9) may
 *   break a program and are `medium`, the rest is style: `low`;
 * - the gate knows none; it stops a release: `high`.
 */
export function severityOf(word: string | undefined): FindingSeverity {
  return WORDS[word?.trim().toLowerCase() ?? ''] ?? 'unknown';
}

/** hadolint's words for its levels: its own, Code Climate's, SonarQube's. */
const HADOLINT: Record<string, FindingSeverity> = {
  error: 'high',
  warning: 'medium',
  info: 'low',
  style: 'info',
  blocker: 'high',
  critical: 'high',
  major: 'medium',
  minor: 'info',
  BLOCKER: 'high',
  CRITICAL: 'high',
  MAJOR: 'medium',
  MINOR: 'low',
  INFO: 'info',
};

/** hadolint's levels: error, warning, info, style, from worst to best. */
export function hadolintSeverity(level: string | undefined): FindingSeverity {
  return HADOLINT[level ?? ''] ?? 'unknown';
}

/**
 * Bands of a CVSS score, as GitHub has them for `security-severity`: over 9.0 is
 * critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
 */
export function severityOfScore(score: number): FindingSeverity {
  if (score >= 9) {
    return 'critical';
  }
  if (score >= 7) {
    return 'high';
  }
  if (score >= 4) {
    return 'medium';
  }
  return score > 0 ? 'low' : 'info';
}
