// SPDX-License-Identifier: Apache-2.0
import type { FailureType, Finding } from '@greenroom/plugin-triage-common';
import type { FileRole } from './fileRoles';

/**
 * How much a changed file tells, by the strongest thing that binds it to the
 * failure. Below `code` nothing does.
 */
export const WEIGHTS = {
  /** A hunk spans a line that a finding or a traceback names. */
  line: 1,
  finding: 0.9,
  evidence: 0.85,
  /** The vulnerable or missing package is changed there. */
  package: 0.9,
  excerpt: 0.7,
  subject: 0.6,
  neighbour: 0.4,
  code: 0.05,
} as const;

/** More kinds of reasons than one make a commit a little likelier. */
export const EACH_OTHER_REASON = 0.03;

/** Files that can cause a type of failure though no line names them. */
export const FITTING_ROLES: Partial<
  Record<FailureType, Partial<Record<FileRole, number>>>
> = {
  lint: { 'lint-config': 0.5, dependencies: 0.3, workflow: 0.2 },
  build: {
    build: 0.5,
    dependencies: 0.5,
    image: 0.5,
    settings: 0.25,
    workflow: 0.3,
  },
  'unit-test': {
    dependencies: 0.4,
    'test-config': 0.4,
    test: 0.3,
    data: 0.3,
    settings: 0.3,
    workflow: 0.3,
  },
  sast: { 'lint-config': 0.4, workflow: 0.2 },
  sca: { dependencies: 0.6, image: 0.3, workflow: 0.2 },
  secret: { settings: 0.3, 'lint-config': 0.3, workflow: 0.2 },
  'container-cve': { image: 0.6, dependencies: 0.5, workflow: 0.2 },
  license: { dependencies: 0.6, workflow: 0.2 },
  'training-error': {
    data: 0.4,
    settings: 0.4,
    dependencies: 0.4,
    workflow: 0.3,
  },
  gate: { data: 0.5, settings: 0.5, dependencies: 0.4, code: 0.2 },
  'out-of-memory': {
    data: 0.4,
    settings: 0.4,
    manifest: 0.4,
    workflow: 0.4,
    image: 0.2,
  },
  'data-loading': { data: 0.6, settings: 0.4, dependencies: 0.3 },
  manifest: { manifest: 0.6, settings: 0.3, workflow: 0.3 },
  'argo-sync': { manifest: 0.6, settings: 0.3 },
  'image-pull': { manifest: 0.6, image: 0.4, workflow: 0.4 },
  credentials: { workflow: 0.5, settings: 0.3 },
  configuration: {
    workflow: 0.5,
    settings: 0.5,
    'lint-config': 0.3,
    'test-config': 0.3,
    build: 0.3,
  },
  infrastructure: { workflow: 0.4, image: 0.2 },
  flaky: { test: 0.4, 'test-config': 0.4 },
  timeout: { workflow: 0.4, dependencies: 0.2, settings: 0.2, data: 0.2 },
  cancelled: { workflow: 0.3 },
  unknown: { workflow: 0.3, dependencies: 0.3, settings: 0.2 },
};

/** Findings that can be why a type of failure came about; others only happen to be there. */
export const FITTING_FINDINGS: Partial<
  Record<FailureType, ReadonlyArray<Finding['kind']>>
> = {
  lint: ['lint'],
  build: ['other', 'misconfiguration', 'lint'],
  'unit-test': ['test'],
  sast: ['sast'],
  sca: ['sca'],
  secret: ['secret'],
  'container-cve': ['container-cve', 'sca'],
  license: ['license'],
  'training-error': ['other'],
  gate: ['gate'],
  'out-of-memory': [],
  'data-loading': ['other'],
  manifest: ['misconfiguration', 'other'],
  'argo-sync': [],
  'image-pull': [],
  credentials: [],
  configuration: ['misconfiguration', 'other'],
  infrastructure: [],
  flaky: ['test'],
  timeout: [],
  cancelled: [],
  unknown: ['test', 'lint', 'sast', 'other', 'misconfiguration'],
};

/** Roles as a sentence has them. */
export const ROLE_WORDS: Record<FileRole, string> = {
  workflow: 'a workflow',
  dependencies: 'versions of dependencies',
  image: 'how the image is built',
  manifest: 'a manifest',
  data: 'data',
  'lint-config': 'the settings of a linter or scanner',
  'test-config': 'the settings of the tests',
  build: 'how it is built',
  settings: 'settings',
  test: 'a test',
  documentation: 'documentation',
  code: 'code',
};
