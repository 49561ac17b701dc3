// SPDX-License-Identifier: Apache-2.0
import type { LineRule } from '../ruleTypes';

/** Images, Argo CD and manifests: what a cluster or its tools refuse. */
export const platformLines: LineRule[] = [
  {
    id: 'argocd-sync',
    type: 'argo-sync',
    reason: 'Argo CD could not bring the application to the state in Git.',
    pattern:
      /Operation has completed with phase: (?:Failed|Error)|^(?:Phase|Sync Status|Operation|Health Status): {1,20}(?:Failed|Error|SyncFailed|Degraded|Unknown)\b|\bSyncFailed\b|SyncError|ComparisonError|Manifest generation error|one or more objects failed to apply|one or more synchronization tasks (?:are not valid|completed unsuccessfully)|timed out \(\d{1,9}s\) waiting for app|application '?[^' ]{1,200}'? (?:is not healthy|health state has transitioned from \w{1,20} to Degraded)|Application is not allowed in project|rpc error: code = \w{1,40} desc = .{0,200}(?:error (?:creating|getting) application|application spec|app path does not exist|another operation is already in progress)|app path does not exist/,
    scope: 'near',
  },
  {
    id: 'image-pull',
    type: 'image-pull',
    reason:
      'An image could not be pulled: it is not there, or not for these credentials.',
    pattern:
      /\b(?:ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull)\b|Failed to pull image|pull access denied for|manifest unknown|manifest for \S{1,300} not found|failed to resolve reference "|repository does not exist or may require 'docker login'|Error response from daemon: (?:manifest|pull access|Head |Get )(?!.{0,300}(?:incorrect username|login attempt))|error pulling image|unable to pull|Error: (?:initializing source|reading manifest)|no matching manifest for|no image found in image index/,
    scope: 'near',
  },
  {
    id: 'manifest-tool',
    type: 'manifest',
    reason: 'A check of Kubernetes manifests refuses one.',
    pattern:
      /kustomize cannot build this|^(?:Error: )?accumulating (?:resources|components)|^Error: (?:invalid Kustomization|unable to (?:find one of|load) '?kustomization|no resource matches strategic merge patch|may not add resource with an already registered id|trouble configuring builtin)|failed to find unique target for patch|problem validating schema|failed validation: |could not find schema for|^Check: CKV\w{0,20}_\d|Failed checks: [1-9]|^Summary: \d{1,6} resources? found .{0,200}(?:Invalid: [1-9]|Errors: [1-9])|^\[CRITICAL\] |\(as built in |^(?:Test Summary: )?\d{1,6} tests? passed and [1-9]\d{0,5} tests? failed|^policy \S{1,200} -> resource \S{1,300} failed|^pass: \d{1,6}, fail: [1-9]|add it to tools\/schemas\.txt|^FAILED:$|^\S{1,200}\.ya?ml: \d{1,6}:\d{1,5}: |^SUCCESS: \d{1,5} rules found, [1-9]\d{0,4} lint errors/,
    scope: 'near',
  },
  {
    id: 'kubernetes-api',
    type: 'manifest',
    reason: 'The Kubernetes API refuses an object.',
    pattern:
      /admission webhook "[^"]{1,200}" denied the request|error validating "[^"]{1,300}"|error validating data|no matches for kind "|strict decoding error|unknown field "|(?:is invalid|is forbidden): .{0,200}(?:spec|metadata|Required value|Unsupported value)|error converting YAML to JSON|error parsing \S{1,300}: |Error: (?:INSTALLATION|UPGRADE) FAILED|unable to build kubernetes objects from release manifest|\d{1,5} chart\(s\) linted, [1-9]\d{0,4} chart\(s\) failed|^FAIL - \S{1,200} - |\d{1,5} tests?, .{0,80}[1-9]\d{0,4} failures?(?:, |$)|found unknown escape character|ValidatingAdmissionPolicy '/,
    scope: 'near',
  },
  {
    id: 'scheduling',
    type: 'infrastructure',
    reason: 'No node of the cluster can take the pod.',
    advice:
      'Ask for less, or give the cluster a node that has what the line says is missing.',
    pattern:
      /FailedScheduling|\d nodes are available: |Insufficient (?:cpu|memory|nvidia)/,
    scope: 'near',
  },
  {
    id: 'pod-setup',
    type: 'manifest',
    reason: 'The pod needs something that is not in its namespace.',
    advice:
      'Create what the line names in that namespace, or mend its name in the manifest.',
    pattern:
      /FailedMount|MountVolume\.\w{1,20} failed|CreateContainer(?:Config)?Error|(?:secret|configmap|serviceaccount) "[^"]{1,200}" not found/,
    scope: 'near',
  },
];
