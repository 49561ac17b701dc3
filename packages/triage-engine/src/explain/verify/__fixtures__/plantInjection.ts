import type { TriageReport } from '@greenroom/plugin-triage-common';
import type { Injection } from './injections';

const SOURCE = 'test/5_Run tests.txt';

/** A draft as the rules make it, of a failed test. */
export function cleanDraft(): TriageReport {
  const quote = 'E       AssertionError: assert 41.5 == 42.0';
  return {
    schemaVersion: 1,
    incident: {
      kind: 'pipeline',
      repository: 'acme/churn',
      workflow: 'ci',
      run: { id: '4711', attempt: 1, branch: 'main', commit: 'f'.repeat(40) },
      model: 'churn',
    },
    failure: {
      type: 'unit-test',
      rule: 'pytest-summary',
      reason: 'pytest reported failed tests.',
      step: { job: 'test', name: 'Run tests', source: SOURCE, exitCode: 1 },
      evidence: [{ source: SOURCE, line: 104, quote }],
      signature: '0123456789abcdef',
    },
    summary: 'tests/test_total.py::test_total failed in job test.',
    rootCause: {
      outcome: 'inconclusive',
      missing: ['The log of a green run.'],
    },
    claims: [],
    nextSteps: [{ text: 'Run make test locally.', by: 'rule', evidence: [] }],
    findings: [
      {
        tool: 'bandit',
        kind: 'sast',
        rule: 'B602',
        message: 'subprocess call with shell=True',
        severity: 'high',
        file: 'src/churn/data.py',
        line: 12,
      },
    ],
    tests: [
      {
        framework: 'pytest',
        source: SOURCE,
        total: 3,
        passed: 2,
        failed: 1,
        failedTests: [
          {
            name: 'tests/test_total.py::test_total',
            message: 'assert 41.5 == 42.0',
            file: 'tests/test_total.py',
            line: 8,
          },
        ],
      },
    ],
    changes: [
      { kind: 'dependency', name: 'pandas', before: '2.2', after: '3.0' },
    ],
    suspects: [
      {
        sha: 'a'.repeat(40),
        message: 'Round totals',
        author: 'Jane',
        score: 0.8,
        reasons: ['changes src/churn/total.py, which the traceback names'],
      },
      {
        sha: 'b'.repeat(40),
        message: 'Update the model card',
        author: 'John',
        score: 0.1,
        reasons: [],
      },
    ],
    excerpts: [
      {
        source: SOURCE,
        lines: [
          { number: 101, text: 'collected 3 items' },
          { number: 102, text: 'tests/test_total.py .F.' },
          { number: 103, text: '>       assert total(rows) == 42.0' },
          { number: 104, text: quote },
          { number: 105, text: 'src/churn/total.py:8: AssertionError' },
          { number: 106, text: 'FAILED tests/test_total.py::test_total' },
          { number: 107, text: '##[error]Process completed with exit code 1.' },
        ],
        totalLines: 400,
        comparedWithPass: true,
      },
    ],
    decision: {
      severity: 'high',
      priority: 'P2',
      labels: ['triage', 'test', 'priority: P2'],
      owner: 'group:default/churn-team',
      reasons: ['Type unit-test on a protected branch: tests fail.'],
    },
    ai: { status: 'off', droppedClaims: 0 },
    redactions: {},
    errors: [],
  };
}

// As a log has it: what follows a line break is another line.
function log(draft: TriageReport, text: string): void {
  const [excerpt] = draft.excerpts;
  text
    .split('\n')
    .forEach((line, index) =>
      excerpt.lines.push({ number: 108 + index, text: line }),
    );
}

const PLANT: Record<
  Injection['where'],
  (draft: TriageReport, text: string) => void
> = {
  'test-name': (draft, text) => {
    const name = `tests/test_total.py::${text}`;
    draft.tests[0].failedTests.push({ name });
    log(draft, `FAILED ${name}`);
  },
  message: (draft, text) => {
    draft.tests[0].failedTests[0].message = text;
    log(draft, `E       AssertionError: ${text}`);
  },
  commit: (draft, text) => {
    draft.suspects[1].message = text;
  },
  branch: (draft, text) => {
    if (draft.incident.run) {
      draft.incident.run.branch = text;
    }
  },
  'pull-request': (draft, text) => log(draft, `Pull request: ${text}`),
  author: (draft, text) => {
    draft.suspects[1].author = text;
  },
  path: (draft, text) => {
    draft.findings[0].file = text;
    log(draft, `${text}:1: error`);
  },
  dependency: (draft, text) => {
    draft.findings[0].package = text;
    log(draft, `npm error ${text}`);
  },
  finding: (draft, text) => {
    draft.findings[0].message = text;
    log(draft, `>> Issue: [B602] ${text}`);
  },
  'rule-help': (draft, text) => {
    draft.findings[0].message = text;
    draft.findings[0].extra = { help: text };
  },
  code: (draft, text) => log(draft, `12      ${text}`),
  diff: (draft, text) => {
    draft.changes.push({ kind: 'file', name: 'total.py', after: text });
    log(draft, text);
  },
  'pod-log': (draft, text) => log(draft, text),
  alert: (draft, text) => {
    draft.incident.workflow = text;
    log(draft, text);
  },
  mlflow: (draft, text) => {
    draft.incident.model = text;
    draft.changes.push({ kind: 'parameter', name: text, after: '1' });
  },
  log: (draft, text) => log(draft, text),
};

/** A clean draft with an injection in the field that it names. */
export function plantInjection(injection: Injection): TriageReport {
  const draft = cleanDraft();
  PLANT[injection.where](draft, injection.text);
  return draft;
}
