// SPDX-License-Identifier: Apache-2.0
import type { FakeRun } from './FakeGithub';

/** What of a run a text of an outsider stands in. */
export type Planted = Omit<FakeRun, 'id' | 'repository'>;

/** Pytest's words up to the failure, so that what is planted begins at line 108. */
const PYTEST = [
  '##[group]Run pytest -v',
  'pytest -v',
  '##[endgroup]',
  ...Array.from(
    { length: 97 },
    (_, index) => `tests/test_features.py::test_${index} PASSED`,
  ),
  'collected 3 items',
  'tests/test_total.py .F.',
  '>       assert total(rows) == 42.0',
  'E       AssertionError: assert 41.5 == 42.0',
  'src/churn/total.py:8: AssertionError',
  '=========== short test summary info ===========',
  'FAILED tests/test_total.py::test_total - AssertionError: assert 41.5 == 42.0',
];
const END = [
  '1 failed, 99 passed in 12.41s',
  '##[error]Process completed with exit code 1.',
];

/** The log of the failed test, with lines of an outsider in it. */
export function logWith(text: string): string[] {
  return [...PYTEST, ...text.split('\n'), ...END];
}

const commit = (change: object) => ({
  log: logWith('ok'),
  commits: [
    {
      sha: 'c0ffee'.padEnd(40, '1'),
      message: 'Round totals',
      author: 'Jane',
      path: 'src/churn/total.py',
      patch: '@@ -8 +8 @@\n-  return sum(rows)\n+  return round(sum(rows))',
      ...change,
    },
  ],
});

const sarif = (message: string, help: string, uri: string) =>
  JSON.stringify({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'bandit',
            rules: [{ id: 'B602', help: { text: help, markdown: help } }],
          },
        },
        results: [
          {
            ruleId: 'B602',
            level: 'error',
            message: { text: message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri },
                  region: { startLine: 12 },
                },
              },
            ],
          },
        ],
      },
    ],
  });

const junit = (name: string, message: string) => {
  const escape = (text: string) =>
    text
      // XML has no place for them.
      // eslint-disable-next-line no-control-regex -- they are meant
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"]/g, letter => `&#${letter.charCodeAt(0)};`);
  return `<testsuite name="pytest" tests="3" failures="1"><testcase classname="tests.test_total" name="${escape(name)}" file="tests/test_total.py" line="8"><failure message="${escape(message)}">${escape(message)}</failure></testcase></testsuite>`;
};

const report = (name: string, file: string, text: string): Planted => ({
  log: logWith('ok'),
  artifacts: { [name]: { [file]: text } },
});

/** Everywhere that somebody from outside writes what triage reads. */
export const PLACES: Record<string, (text: string) => Planted> = {
  log: text => ({ log: logWith(text) }),
  'test-name': text => ({
    log: logWith(`FAILED tests/test_total.py::${text}`),
  }),
  message: text => ({ log: logWith(`E       AssertionError: ${text}`) }),
  'pull-request': text => ({ log: logWith(`Pull request: ${text}`) }),
  dependency: text => ({ log: logWith(`npm error ${text}`) }),
  code: text => ({ log: logWith(`12      ${text}`) }),
  'pod-log': text => ({ log: logWith(`ERROR ${text}`) }),
  mlflow: text => ({ log: logWith(`mlflow: logged param ${text}`) }),
  alert: text => ({ log: logWith('ok'), workflow: text }),
  branch: text => ({ log: logWith('ok'), branch: text }),
  fork: text => ({
    log: logWith('ok'),
    branch: text,
    headRepository: 'mallory/churn',
  }),
  workflow: text => ({ log: logWith('ok'), workflow: text }),
  job: text => ({ log: logWith('ok'), job: text.slice(0, 120) }),
  step: text => ({ log: logWith('ok'), step: text.slice(0, 120) }),
  annotation: text => ({ log: logWith('ok'), annotations: [text] }),
  commit: text => commit({ message: text }),
  author: text => commit({ author: text }),
  diff: text => commit({ patch: `@@ -8 +8 @@\n${text}` }),
  'changed file': text => commit({ path: text }),
  path: text =>
    report('scan-results', 'bandit.sarif', sarif('shell=True', 'Do not', text)),
  finding: text =>
    report('scan-results', 'bandit.sarif', sarif(text, 'Do not', 'src/a.py')),
  'rule-help': text =>
    report('scan-results', 'bandit.sarif', sarif('shell', text, 'src/a.py')),
  'junit name': text =>
    report('test-results', 'junit.xml', junit(text, 'assert 41.5 == 42.0')),
  'junit message': text =>
    report('test-results', 'junit.xml', junit('test_total', text)),
  'artifact name': text =>
    report(`test report ${text}`, 'junit.xml', junit('test_total', 'x')),
  'report file': text =>
    report(
      'test-results',
      `${text.replace(/[/\\\n\r]/g, ' ').slice(0, 100)}.xml`,
      junit('test_total', 'x'),
    ),
};
