// SPDX-License-Identifier: Apache-2.0
import type {
  FailureType,
  TriageReport,
} from '@greenroom/plugin-triage-common';

/** What a heading or a title says of a type. */
export const FAILURE_LABELS: Record<FailureType, string> = {
  lint: 'Lint failed',
  build: 'Build failed',
  'unit-test': 'Tests failed',
  sast: 'Unsafe code found',
  sca: 'Vulnerable dependency found',
  secret: 'Secret found',
  'container-cve': 'Vulnerable image',
  license: 'Licence not allowed',
  'training-error': 'Training failed',
  gate: 'Model below the quality gate',
  'out-of-memory': 'Out of memory',
  'data-loading': 'Data could not be loaded',
  manifest: 'Manifest not valid',
  'argo-sync': 'Argo CD sync failed',
  'image-pull': 'Image could not be pulled',
  credentials: 'Access refused',
  configuration: 'Set up wrongly',
  infrastructure: 'Infrastructure failed',
  flaky: 'Flaky test',
  timeout: 'Time limit reached',
  cancelled: 'Run cancelled',
  latency: 'Answers are slow',
  errors: 'Requests fail',
  'crash-loop': 'Container crashes again and again',
  probe: 'Probe fails',
  scheduling: 'Pod cannot be scheduled',
  scaling: 'Scaling does not fit',
  rollout: 'Rollout disturbs requests',
  throttling: 'CPU is throttled',
  network: 'Network failed',
  certificate: 'Certificate not valid',
  'disk-full': 'Disk is full',
  hardware: 'Hardware failed',
  upstream: 'Upstream service failed',
  'model-loading': 'Model could not be loaded',
  'model-input': 'Requests do not fit the model',
  'model-version': 'Wrong model version served',
  drift: 'Data drift',
  'false-alarm': 'Alert without impact',
  unknown: 'Pipeline failed, cause unknown',
};

/** The parts of a report, as the sections name them. */
export type SectionId =
  | 'gate'
  | 'champion'
  | 'tests'
  | 'findings'
  | 'proof'
  | 'distributions'
  | 'changes'
  | 'suspects'
  | 'timeline'
  | 'nextSteps'
  | 'claims';

const REST: SectionId[] = [
  'proof',
  'gate',
  'champion',
  'findings',
  'tests',
  'changes',
  'timeline',
  'distributions',
  'suspects',
  'nextSteps',
  'claims',
];

/** What a reader of that type of failure looks at first; the rest follows. */
const FIRST: Partial<Record<FailureType, SectionId[]>> = {
  lint: ['findings'],
  sast: ['findings', 'nextSteps'],
  sca: ['findings', 'nextSteps'],
  secret: ['findings', 'nextSteps'],
  'container-cve': ['findings', 'nextSteps'],
  license: ['findings', 'nextSteps'],
  manifest: ['findings'],
  'unit-test': ['tests'],
  flaky: ['tests'],
  gate: ['gate', 'champion'],
  'out-of-memory': ['proof', 'nextSteps'],
  credentials: ['proof', 'nextSteps'],
  configuration: ['proof', 'nextSteps'],
  infrastructure: ['proof', 'nextSteps'],
  timeout: ['proof', 'nextSteps'],
  cancelled: ['proof', 'nextSteps'],
  'image-pull': ['proof', 'nextSteps'],
  'argo-sync': ['proof', 'nextSteps'],
  drift: ['proof', 'distributions'],
};

/** Of an alert: what proves it, what to do, what came before, what else it may be. */
const OF_ALERTS: SectionId[] = ['proof', 'nextSteps', 'timeline', 'changes'];

/** The order of the parts for a type of failure. */
export function sectionOrder(
  type: FailureType,
  kind: TriageReport['incident']['kind'] = 'pipeline',
): SectionId[] {
  const first = kind === 'alert' ? OF_ALERTS : (FIRST[type] ?? []);
  return [...new Set([...first, ...REST])];
}
