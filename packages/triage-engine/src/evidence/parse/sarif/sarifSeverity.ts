// SPDX-License-Identifier: Apache-2.0
import type { FindingSeverity } from '@greenroom/plugin-triage-common';
import { severityOf, severityOfScore } from '../shared/severity';
import type { Fields } from '../shared/Fields';
import type { SarifRule } from './SarifRun';

const TRIVY = /^(?:CRITICAL|HIGH|MEDIUM|LOW|UNKNOWN)$/;
/** `Critical severity - …`: Snyk's level knows no worse than `error`. */
const SNYK = /^(Critical|High|Medium|Low) severity - /;

/**
 * How bad a result is: the tool's own word where it gives one (Trivy's tag,
 * bandit's `issue_severity`, Snyk's description), else `security-severity` in
 * GitHub's bands, else the level: error, warning, note, none → high, medium,
 * low, info. A result without a level has its rule's, and else `warning`
 * (SARIF 2.1.0, §3.27.10); one that is no failure has none.
 */
export function sarifSeverity(
  result: Fields,
  rule: SarifRule | undefined,
): FindingSeverity {
  const properties = result.object('properties');
  const word =
    rule?.tags.find(tag => TRIVY.test(tag)) ??
    properties.text('issue_severity') ??
    SNYK.exec(rule?.text?.slice(0, 100) ?? '')?.[1];
  if (word) {
    return severityOf(word);
  }
  const score = properties.number('security-severity') ?? rule?.score;
  if (score !== undefined) {
    return severityOfScore(score);
  }
  const isFailure = (result.text('kind') ?? 'fail') === 'fail';
  const level = result.text('level') ?? rule?.level ?? 'warning';
  return isFailure ? severityOf(level) : 'info';
}
