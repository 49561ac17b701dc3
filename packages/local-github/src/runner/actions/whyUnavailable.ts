// SPDX-License-Identifier: Apache-2.0

/** What an action needs, by the start of its name. */
const needs: [prefix: string, what: string][] = [
  ['docker://', 'a Docker engine'],
  ['docker/', 'a Docker engine'],
  ['aquasecurity/trivy-action', 'a Docker engine'],
  ['anchore/', 'a Docker engine'],
  ['sigstore/', 'an identity of GitHub'],
  ['redhat-actions/', 'a container engine'],
  ['google-github-actions/', 'a Google Cloud account'],
  ['aws-actions/', 'an AWS account'],
  ['azure/', 'an Azure account'],
  ['tailscale/', 'a tailnet'],
  ['actions/create-github-app-token', 'a GitHub App'],
  ['actions/attest', "GitHub's attestation store"],
  ['actions/deploy-pages', 'GitHub Pages'],
  ['github/codeql-action', "GitHub's code scanning"],
  ['actions/dependency-review-action', "GitHub's dependency graph"],
];

/** Why a `uses:` cannot run here, in plain words. */
export function whyUnavailable(name: string): string {
  const need = needs.find(([prefix]) => name.startsWith(prefix));
  return need
    ? `${name} needs ${need[1]}, which the local platform does not have`
    : `${name} has no local equivalent, and the local platform does not fetch actions from elsewhere`;
}
