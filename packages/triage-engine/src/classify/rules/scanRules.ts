// SPDX-License-Identifier: Apache-2.0
import type { LineRule } from '../ruleTypes';

/** Scanners whose findings no parser reads, told by the line that sums them up. */
export const scanLines: LineRule[] = [
  {
    id: 'secret-scanner',
    type: 'secret',
    reason: 'A scanner found a secret.',
    pattern:
      /\bleaks found: [1-9]|Found (?:un)?verified result|^Secret Type: |Potential secrets about to be committed|secrets? (?:has|have) been (?:found|detected)|Push cannot contain secrets|GH013: Repository rule violations.{0,100}secret|^Unverified secrets?: [1-9]|"verified_secrets": ?[1-9]/,
    scope: 'near',
  },
  {
    id: 'license-check',
    type: 'license',
    reason: 'A licence of a dependency is not allowed.',
    pattern:
      /^fail-on license .{1,200} was found for (?:the )?package|^check unauthorized packages|^license .{1,200} not in allow-only licenses was found for package|Found license defined by the --(?:failOn|onlyAllow)|^Package ".{1,200}" is licensed under ".{1,200}" which is not permitted|failed to satisfy license requirements|(?:detected|have) incompatible licenses?\b|Found forbidden license|Not allowed license|(?:license|licence)s? (?:is|are) not (?:allowed|permitted|approved|compatible)|disallowed licenses?|✗ .{1,120} licen[cs]e(?: issue)? \[|unauthorized(?: package)? licen[cs]es?|[1-9]\d{0,4} licen[cs]e (?:policy )?violations?\b|[1-9]\d{0,4} licen[cs]e issues?|\(license\)$|^Total: [1-9].{0,200}\(.{0,100}FORBIDDEN|restricted licen[cs]e|THIRD-PARTY.{0,100}(?:forbidden|blacklisted)/,
    scope: 'near',
  },
  {
    id: 'container-scanner',
    type: 'container-cve',
    reason: 'A scanner found vulnerabilities in an image.',
    pattern:
      /^Total: [1-9]\d{0,6} \((?:UNKNOWN|LOW|MEDIUM|HIGH|CRITICAL): |discovered vulnerabilities at or above the severity threshold|^\d{1,5} vulnerabilities found in \d{1,5} packages|vulnerabilities found in (?:the )?image|Docker Scout|^✘? {0,4}[1-9]\d{0,4}C {1,8}\d|Failed vulnerability scan policy|image .{1,200} has [1-9]\d{0,5} vulnerabilities|ECR image scan|Clair .{0,60}vulnerabilit/,
    scope: 'near',
  },
  {
    id: 'dependency-scanner',
    type: 'sca',
    reason: 'A scanner found vulnerable dependencies.',
    pattern:
      /^Found [1-9]\d{0,5} known vulnerabilit|^[1-9]\d{0,5} (?:known )?(?:\w{1,12} severity )?vulnerabilit(?:y|ies)\b|^found [1-9]\d{0,5} (?:\w{1,12} severity )?vulnerabilit|[1-9]\d{0,5} vulnerabilit(?:y|ies) \(.{1,80}\)|npm audit report|Dependency review detected vulnerable packages|One or more dependencies were identified with (?:known )?vulnerabilities|Your code is affected by [1-9]|found [1-9]\d{0,5} vulnerable (?:paths?|packages?)|[1-9]\d{0,5} vulnerable (?:paths?|packages?)|[1-9]\d{0,5} vulnerabilities (?:found|reported|detected)|^\+==.{0,40}REPORT|dependencies? .{0,60}known vulnerabilit|has (?:known )?vulnerabilit/,
    scope: 'near',
  },
  {
    id: 'code-scanner',
    type: 'sast',
    reason: 'A scanner of source code found something unsafe.',
    pattern:
      /^>> Issue: \[B\d{3}|^Findings: [1-9]\d{0,5} \([1-9]\d{0,5} blocking\)|^(?:Ran|Rules run).{0,200}: [1-9]\d{0,5} (?:blocking )?findings?|^Issues {1,10}: [1-9]|QUALITY GATE STATUS: FAILED|^✗ \[(?:High|Medium|Low)\] |^\d{1,5} Code Scanning|CodeQL .{0,80}(?:alert|found)|^[1-9]\d{0,4} findings? .{0,60}(?:blocking|severity)|[1-9]\d{0,4} Code Findings?/,
    scope: 'near',
  },
];
