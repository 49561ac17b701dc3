import type { TriageReport } from '@greenroom/plugin-triage-common';

const TEST_LOG = 'Check/5_Test.txt';

/** A report in which nothing is known yet, to be filled in. */
export function emptyReport(): TriageReport {
  return {
    schemaVersion: 1,
    incident: {
      kind: 'pipeline',
      repository: 'acme/churn',
      workflow: 'CI',
      run: {
        id: '4711',
        attempt: 1,
        url: 'https://github.com/acme/churn/actions/runs/4711',
        branch: 'main',
        commit: '5f0c1d2e3a4b5c6d7e8f901234567890abcdef12',
      },
      model: 'churn',
    },
    failure: {
      type: 'unknown',
      rule: 'none',
      reason: 'No rule knows what the step printed.',
      evidence: [],
      signature: '3f9a1c7be04d5526',
    },
    summary: 'The pipeline failed: no rule explains it.',
    rootCause: { outcome: 'inconclusive', missing: [] },
    claims: [],
    nextSteps: [],
    findings: [],
    tests: [],
    changes: [],
    suspects: [],
    excerpts: [],
    decision: {
      severity: 'medium',
      priority: 'P2',
      labels: ['triage', 'priority: P2'],
      owner: 'group:default/churn-team',
      reasons: ['Type unknown on a protected branch: a person has to look.'],
    },
    ai: {
      status: 'off',
      reason: 'No model is configured; this report is made by rules alone.',
      droppedClaims: 0,
    },
    redactions: {},
    errors: [],
  };
}

function linesFrom(first: number, text: string) {
  return text
    .split('\n')
    .map((line, index) => ({ number: first + index, text: line }));
}

const testEvidence = {
  source: TEST_LOG,
  line: 121,
  quote: "E       KeyError: 'tenure_months'",
};

const unitTest: TriageReport = {
  ...emptyReport(),
  failure: {
    type: 'unit-test',
    rule: 'test-summary',
    reason: 'pytest reports failing tests in the step that failed.',
    step: { job: 'Check', name: 'Test', source: TEST_LOG, exitCode: 2 },
    evidence: [testEvidence],
    signature: '3f9a1c7be04d5526',
  },
  summary:
    'The pipeline failed in Check / Test: a test failed (2 failing tests).',
  rootCause: {
    outcome: 'identified',
    statement:
      'src/churn/features.py reads the column tenure_months, which the data of this commit call tenure.',
    evidence: [testEvidence],
    confidence: 'high',
  },
  claims: [
    {
      statement:
        'Both failing tests go through add_ratios, so that one change mends both.',
      evidence: [
        {
          source: TEST_LOG,
          line: 118,
          quote: 'src/churn/features.py:42: in add_ratios',
        },
      ],
      confidence: 'medium',
    },
  ],
  nextSteps: [
    {
      text: 'Read tenure in add_ratios, or rename the column back in data/churn.csv.',
      by: 'model',
      evidence: [testEvidence],
    },
    {
      text: 'Run the first failing test alone on your machine.',
      by: 'rule',
      evidence: [],
    },
  ],
  tests: [
    {
      framework: 'pytest',
      source: TEST_LOG,
      total: 64,
      passed: 61,
      failed: 2,
      skipped: 1,
      failedTests: [
        {
          name: 'tests/test_model.py::test_ratios_are_finite',
          message: "KeyError: 'tenure_months'",
          file: 'tests/test_model.py',
          line: 31,
          evidence: testEvidence,
        },
        {
          name: 'tests/test_pipeline.py::test_a_model_is_trained[svc|rbf]',
          message: "KeyError: 'tenure_months'",
        },
      ],
    },
  ],
  changes: [
    { kind: 'dependency', name: 'pandas', before: '2.2.3', after: '2.3.1' },
    {
      kind: 'action',
      name: 'actions/checkout',
      before: 'v7.0.0 (8e8c483)',
      after: 'v7.0.1 (3d3c42e)',
    },
    { kind: 'file', name: 'data/churn.csv', after: 'modified' },
    { kind: 'file', name: 'src/churn/features.py', after: 'modified' },
  ],
  suspects: [
    {
      sha: '5f0c1d2e3a4b5c6d7e8f901234567890abcdef12',
      message: 'Name the columns as the warehouse does',
      author: 'Ada Lovelace',
      score: 1,
      reasons: [
        'changes src/churn/features.py around line 42, which the failure names',
        'changes data (data/churn.csv), a usual cause of this type of failure',
      ],
    },
    {
      sha: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
      message: 'Say in the README who is on call',
      score: 0,
      reasons: ['changes documentation'],
    },
  ],
  excerpts: [
    {
      source: TEST_LOG,
      totalLines: 164,
      comparedWithPass: true,
      lines: [
        ...linesFrom(
          114,
          `____________________________ test_ratios_are_finite ____________________________
tests/test_model.py:31: in test_ratios_are_finite
    frame = add_ratios(raw)`,
        ),
        ...linesFrom(
          118,
          `src/churn/features.py:42: in add_ratios
    frame["tenure_months"] / 12
pandas/core/indexes/base.py:3812: in get_loc
E       KeyError: 'tenure_months'`,
        ),
        ...linesFrom(
          158,
          `FAILED tests/test_model.py::test_ratios_are_finite - KeyError: 'tenure_months'
FAILED tests/test_pipeline.py::test_a_model_is_trained[svc|rbf] - KeyError: 'tenure_months'
=================== 2 failed, 61 passed, 1 skipped in 12.41s ===================
make: *** [Makefile:45: test] Error 1`,
        ),
      ],
    },
  ],
  decision: {
    severity: 'medium',
    priority: 'P2',
    labels: ['triage', 'test', 'priority: P2'],
    owner: 'group:default/churn-team',
    reasons: [
      'Type unit-test on a protected branch: no release until it passes.',
      '2 tests failed.',
    ],
  },
  ai: {
    status: 'answered',
    model: 'gemini-3.5-flash-lite',
    modelVersion: 'gemini-3.5-flash-lite-001',
    prompt: 'test@1',
    inputTokens: 3120,
    outputTokens: 344,
    cost: { amount: 0.00045, currency: 'USD' },
    droppedClaims: 1,
  },
  redactions: { 'github-pat': 1 },
};

const SCAN_LOG = 'Security/4_Look for vulnerable libraries (Snyk).txt';
const scan: TriageReport = {
  ...emptyReport(),
  failure: {
    type: 'sca',
    rule: 'sca-findings',
    reason:
      'The scanner of dependencies reports vulnerabilities and the step failed.',
    step: {
      job: 'Security',
      name: 'Look for vulnerable libraries (Snyk)',
      source: SCAN_LOG,
      exitCode: 1,
    },
    evidence: [
      {
        source: SCAN_LOG,
        line: 37,
        quote: 'Tested 58 dependencies for known issues, found 2 issues.',
      },
    ],
    signature: '77b0c2d4e6f81a3c',
  },
  summary:
    'The pipeline failed in Security / Look for vulnerable libraries (Snyk): a dependency has a known vulnerability (2 findings).',
  rootCause: {
    outcome: 'identified',
    statement:
      'The scanner of dependencies reports vulnerabilities and the step failed.',
    evidence: [
      {
        source: SCAN_LOG,
        line: 37,
        quote: 'Tested 58 dependencies for known issues, found 2 issues.',
      },
    ],
    confidence: 'medium',
  },
  nextSteps: [
    {
      text: 'Raise the package to its fixed version and lock again.',
      by: 'rule',
      evidence: [],
    },
  ],
  findings: [
    {
      tool: 'snyk',
      kind: 'sca',
      rule: 'SNYK-PYTHON-JINJA2-9292516',
      message: 'Template injection in the sandbox',
      severity: 'high',
      package: 'jinja2',
      version: '3.1.5',
      fixedVersion: '3.1.6',
      file: 'requirements.lock',
      identifiers: ['CVE-2025-27516', 'CWE-1336'],
    },
    {
      tool: 'snyk',
      kind: 'sca',
      rule: 'SNYK-PYTHON-EXAMPLE-0000001',
      message: 'Arbitrary code execution when a | stands in a model file',
      severity: 'critical',
      package: 'example-loader',
      version: '0.4.0',
      file: 'requirements.lock',
    },
  ],
  changes: [
    { kind: 'dependency', name: 'example-loader', after: '0.4.0' },
    { kind: 'file', name: 'requirements.lock', after: 'modified' },
  ],
  suspects: [
    {
      sha: '9d8c7b6a5f4e3d2c1b0a99887766554433221100',
      message: 'Load models from the old store',
      author: 'Grace Hopper',
      score: 0.93,
      reasons: [
        'changes example-loader in requirements.lock, which the failure names',
        'changes versions of dependencies (requirements.lock), a usual cause of this type of failure',
      ],
    },
  ],
  excerpts: [
    {
      source: SCAN_LOG,
      totalLines: 41,
      comparedWithPass: false,
      lines: linesFrom(
        35,
        '\nTesting /home/runner/work/churn/churn...\nTested 58 dependencies for known issues, found 2 issues.',
      ),
    },
  ],
  decision: {
    severity: 'critical',
    priority: 'P1',
    labels: ['triage', 'security', 'priority: P1'],
    owner: 'group:default/churn-team',
    reasons: [
      'Type sca on a protected branch: what is released is vulnerable.',
      'The worst finding of this scan is critical.',
    ],
  },
};

const GATE_LOG = 'Train/6_Judge the model.txt';
const GATE_SENTENCE =
  'Gate FAILED: f1_macro 0.781 < 0.800 (threshold), 0.019 short; champion churn v3 has 0.842, 0.061 better';
const gateEvidence = { source: GATE_LOG, line: 12, quote: GATE_SENTENCE };
const gate: TriageReport = {
  ...emptyReport(),
  failure: {
    type: 'gate',
    rule: 'gate-verdict',
    reason: 'The quality gate says that the model is not good enough.',
    step: {
      job: 'Train',
      name: 'Judge the model',
      source: GATE_LOG,
      exitCode: 2,
    },
    evidence: [gateEvidence],
    signature: 'a1b2c3d4e5f60718',
  },
  summary:
    'The pipeline failed in Train / Judge the model: the model is below the quality gate (1 finding).',
  rootCause: {
    outcome: 'identified',
    statement: 'The quality gate says that the model is not good enough.',
    evidence: [gateEvidence],
    confidence: 'medium',
  },
  nextSteps: [
    {
      text: 'Compare parameters, data and libraries with the champion; undo what made the metric worse.',
      by: 'rule',
      evidence: [],
    },
  ],
  findings: [
    {
      tool: 'gate',
      kind: 'gate',
      rule: 'gate-threshold',
      severity: 'high',
      message: 'Gate FAILED: f1_macro 0.781 < 0.800 (threshold), 0.019 short',
      evidence: gateEvidence,
      extra: {
        metric: 'f1_macro',
        value: 0.781,
        threshold: 0.8,
        direction: 'maximize',
        champion: 'churn',
        championVersion: '3',
        championValue: 0.842,
      },
    },
  ],
  changes: [
    { kind: 'metric', name: 'f1_macro', before: '0.842', after: '0.781' },
    { kind: 'metric', name: 'recall_churned', before: '0.79', after: '0.41' },
    { kind: 'data', name: 'digest', before: '8f14e45f', after: 'c9f0f895' },
    { kind: 'parameter', name: 'max_depth', before: '12', after: '3' },
    { kind: 'library', name: 'scikit-learn', before: '1.5.1', after: '1.5.2' },
  ],
  excerpts: [
    {
      source: GATE_LOG,
      totalLines: 14,
      comparedWithPass: false,
      lines: linesFrom(
        11,
        `.venv/bin/python -m churn.gate\n${GATE_SENTENCE}\nmake: *** [Makefile:71: gate] Error 2`,
      ),
    },
  ],
  decision: {
    severity: 'medium',
    priority: 'P2',
    labels: ['triage', 'model-validation', 'priority: P2'],
    owner: 'group:default/churn-team',
    reasons: ['Type gate on a protected branch: the champion goes on serving.'],
  },
  ai: {
    status: 'failed',
    reason:
      'Gemini has no quota left until 2026-11-22 08:00; this report is made by rules alone.',
    droppedClaims: 0,
  },
};

const TRAIN_LOG = 'Train/5_Train.txt';
const memoryEvidence = {
  source: TRAIN_LOG,
  line: 88,
  quote: 'make: *** [Makefile:68: train] Killed',
};
const outOfMemory: TriageReport = {
  ...emptyReport(),
  failure: {
    type: 'out-of-memory',
    rule: 'killed-137',
    reason:
      'The process was killed (exit code 137), as the kernel does when memory runs out.',
    step: { job: 'Train', name: 'Train', source: TRAIN_LOG, exitCode: 137 },
    evidence: [memoryEvidence],
    signature: '0d1e2f3a4b5c6d7e',
  },
  summary:
    'The pipeline failed in Train / Train: the process ran out of memory.',
  rootCause: {
    outcome: 'identified',
    statement:
      'The process was killed (exit code 137), as the kernel does when memory runs out.',
    evidence: [memoryEvidence],
    confidence: 'medium',
  },
  nextSteps: [
    {
      text: 'Look at what grew since the last green run: data, batch size, number of workers.',
      by: 'rule',
      evidence: [],
    },
    {
      text: 'If the need is real, take a runner or a memory limit that fits it.',
      by: 'rule',
      evidence: [],
    },
  ],
  changes: [
    {
      kind: 'duration',
      name: 'Train / Train',
      before: '1 min 2 s',
      after: '9 min 40 s',
    },
  ],
  excerpts: [
    {
      source: TRAIN_LOG,
      totalLines: 90,
      comparedWithPass: true,
      lines: linesFrom(
        86,
        `Training 8 models on 12400000 rows\nfolds:  25%|██▌       | 2/8 [07:11<21:33, 215.6s/it]\nmake: *** [Makefile:68: train] Killed`,
      ),
    },
  ],
};

const inconclusive: TriageReport = {
  ...emptyReport(),
  failure: {
    ...emptyReport().failure,
    step: {
      job: 'Image',
      name: 'Build',
      source: 'Image/7_Build.txt',
      exitCode: 1,
    },
  },
  summary: 'The pipeline failed in Image / Build: no rule explains it.',
  rootCause: {
    outcome: 'inconclusive',
    missing: [
      'The log of a run of the same job that passed, to see what is new.',
      'A line that a rule knows; a person should read the lines of the proof.',
    ],
  },
  nextSteps: [
    {
      text: 'Read the lines of the proof; they are what differs most.',
      by: 'rule',
      evidence: [],
    },
  ],
  excerpts: [
    {
      source: 'Image/7_Build.txt',
      totalLines: 2211,
      comparedWithPass: false,
      lines: linesFrom(
        2209,
        '#14 2.113 configure: step 3 did not settle\n#14 ERROR: process "/bin/sh -c ./configure" did not complete successfully: exit code: 1',
      ),
    },
  ],
  errors: [
    {
      stage: 'parse',
      source: 'reports/trivy.json',
      code: 'broken-report',
      message: 'trivy.json ends in the middle of a value (at character 1,204).',
    },
  ],
};

/** One report for each way in which a report reads, as `docs/triage.md` shows them. */
export const exampleReports: Array<{ title: string; report: TriageReport }> = [
  { title: 'Failing tests, with a model’s answer', report: unitTest },
  { title: 'A security scan, by rules alone', report: scan },
  {
    title: 'A model below the quality gate, the model without quota',
    report: gate,
  },
  { title: 'Out of memory', report: outOfMemory },
  { title: 'Inconclusive', report: inconclusive },
];
