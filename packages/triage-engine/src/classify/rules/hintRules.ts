// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { Rule } from '../ruleTypes';

/** What a step is for, by its name and command: a hint, where nothing else is known. */
const HINTS: Array<[FailureType, RegExp]> = [
  [
    'secret',
    /\b(?:gitleaks|trufflehog|detect-secrets|ggshield|secret scan(?:ning)?)\b|look for secrets/,
  ],
  [
    'container-cve',
    /\b(?:trivy(?:-action)? image|trivy-action|grype|docker scout|image scan|container scan)\b|critical one that has a fix|\btrivy\b/,
  ],
  [
    'license',
    /\b(?:pip-licenses|license-checker|licensecheck|liccheck|go-licenses|licen[cs]es?)\b/,
  ],
  [
    'sca',
    /\b(?:pip-audit|npm audit|yarn audit|osv-scanner|govulncheck|dependency-check|dependency review|safety check|snyk test|make (?:audit|snyk)|vulnerable libraries)\b|\bsnyk\b/,
  ],
  [
    'sast',
    /\b(?:bandit|semgrep|gosec|codeql|sonar(?:qube|cloud|-scanner)?|snyk code|make security|unsafe code|sast)\b/,
  ],
  ['gate', /\b(?:make gate|quality gate|model gate|gate)\b/],
  ['argo-sync', /\bargo ?cd\b/],
  [
    'manifest',
    /\b(?:kubeconform|kubeval|kustomize|kube-score|kyverno|conftest|helm (?:lint|template|upgrade|install)|kubectl (?:apply|diff)|promtool|make (?:schemas-check|structure|score|policies|alerts))\b/,
  ],
  [
    'data-loading',
    /\b(?:make data|python3? -m \S{1,100}\.validat\w{1,10}|load(?:ing)? (?:the )?data|data (?:validation|check)|validate[ -]data|dvc pull|ingest(?:ion)?)\b/,
  ],
  [
    'training-error',
    /\b(?:make train|train(?:ing)?|retrain|fine-?tune|train\.py)\b/,
  ],
  [
    'lint',
    /\b(?:lint|flake8|ruff|black|isort|pylint|mypy|pyright|eslint|prettier|stylelint|checkstyle|spotless|ktlint|detekt|golangci-lint|hadolint|shellcheck|yamllint|actionlint|pre-commit|format(?:ting)?(?: check)?|code style)\b/,
  ],
  [
    'unit-test',
    /\b(?:tests?|pytest|unittest|tox|nox|jest|vitest|mocha|karma|rspec|phpunit|gotestsum|surefire|coverage)\b/,
  ],
  ['image-pull', /\bdocker pull\b|\bpull (?:the )?images?\b/],
  [
    'build',
    /\b(?:build|compile|package|assemble|webpack|tsc|docker build|buildx|mvn|gradlew?|cargo build|go build|npm (?:ci|install)|yarn install|pip install|uv (?:pip )?sync|make install|install(?: dependencies)?)\b/,
  ],
  [
    'infrastructure',
    /\b(?:check ?out|actions\/(?:checkout|setup-|cache|upload-artifact|download-artifact)|set ?up|log ?in|docker\/login-action|configure-aws-credentials|git (?:fetch|clone|push))/,
  ],
];

/** The types that a step's name and command speak of, the most special first. */
export function hintedTypes(hint: string): FailureType[] {
  return HINTS.filter(([, pattern]) => pattern.test(hint)).map(
    ([type]) => type,
  );
}

/** What found something says so: an error of a scan's own is no finding. */
export const NEEDS_FINDINGS: FailureType[] = [
  'secret',
  'container-cve',
  'license',
  'sca',
  'sast',
  'gate',
];

/** The last resort: what the failed command was there to do did not succeed. */
export const hintRules: Rule[] = HINTS.map(([type, pattern]) => ({
  id: `step-is-${type}`,
  type,
  reason: `Nothing in the log says why; it is what the failing step's name or command speaks of.`,
  isHint: true,
  match: ({ purpose, exitCode = 1 }) => {
    // Scanners end with 1 when they found something, with others when they could not look.
    const isOwnError = NEEDS_FINDINGS.includes(type) && exitCode !== 1;
    return pattern.test(purpose) && !isOwnError ? { evidence: [] } : undefined;
  },
}));
