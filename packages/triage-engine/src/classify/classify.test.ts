// SPDX-License-Identifier: Apache-2.0
import {
  FAILURE_TYPES,
  type FailureType,
  type Finding,
} from '@greenroom/plugin-triage-common';
import fc from 'fast-check';
import { alertPrompt } from '../explain/ask/prompts/alertPrompt';
import { classify } from './classify';
import { earlyRules, lateRules } from './rules/allRules';
import { lineRules } from './rules/lineRules';
import {
  jobLog,
  keptLines,
  readLog,
  type LogParts,
} from './__testUtils__/classifyLog';
import type { RunFacts } from '../steps/types';

const exit = (code: number) =>
  `##[error]Process completed with exit code ${code}.`;
const trace = (frames: string[], end: string) =>
  [
    'Traceback (most recent call last):',
    ...frames.map(frame => `  ${frame}\n    run()`),
    end,
  ].join('\n');
const OWN =
  'File "/home/runner/work/churn/churn/src/churn/train.py", line 41, in train';
const SKLEARN =
  'File "/opt/hostedtoolcache/Python/3.11.9/x64/lib/python3.11/site-packages/sklearn/base.py", line 98, in wrapper';
const PANDAS =
  'File "/opt/hostedtoolcache/Python/3.11.9/x64/lib/python3.11/site-packages/pandas/io/parsers/readers.py", line 12, in read_csv';

const EXPIRED =
  'denied: Your authorization token has expired. Reauthenticate and try again.';

const FAILED_TEST = [
  '=================================== FAILURES ===================================',
  '__________________________________ test_drain __________________________________',
  "E       AssertionError: assert 'OOMKilled' == 'Completed'",
  '----------------------------- Captured stdout call -----------------------------',
  'Gate FAILED: auc 0.1 < 0.9 (threshold), 0.8 short; there is no champion yet',
  'Killed',
  'java.lang.OutOfMemoryError: Java heap space',
  '##[group]Run argocd app sync',
  'Operation has completed with phase: Failed',
  '=========================== short test summary info ============================',
  "FAILED tests/test_serve.py::test_drain - AssertionError: assert 'OOMKilled' == ...",
  '========================= 1 failed, 3 passed in 1.52s ==========================',
].join('\n');

/** Log, type, rule. */
const CASES: Array<
  [string, LogParts & { facts?: RunFacts }, FailureType, string?]
> = [
  ['flake8', { output: "src/a.py:1:1: F401 'os' imported but unused" }, 'lint'],
  [
    'eslint',
    {
      output:
        '  3:1  error  Unexpected var  no-var\n\n✖ 1 problem (1 error, 0 warnings)',
    },
    'lint',
    'linter',
  ],
  [
    'javac',
    {
      output:
        '[ERROR] COMPILATION ERROR : \n[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile (default-compile) on project a: Compilation failure -> [Help 1]',
    },
    'build',
    'build-tool-build',
  ],
  [
    'javac over a full disk',
    {
      output:
        '[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.1:compile (default-compile) on project a: Error while storing the mojo status: x.lst (No space left on device) -> [Help 1]',
    },
    'infrastructure',
    'build-tool-infrastructure',
  ],
  [
    'an artifact behind a 503',
    {
      output:
        '[ERROR] Plugin a:b:1 or one of its dependencies could not be resolved: Could not transfer artifact a:b:pom:1: Transfer failed for https://r.example/x.pom 503 Service Unavailable -> [Help 1]',
    },
    'infrastructure',
  ],
  [
    'gradle tests',
    {
      output:
        "> Task :a:test FAILED\n* What went wrong:\nExecution failed for task ':a:test'.\n> There were failing tests. See the report at: file:///x",
    },
    'unit-test',
  ],
  [
    'gradle checkstyle',
    {
      output:
        "Execution failed for task ':a:checkstyleMain'.\n> A failure occurred",
    },
    'lint',
  ],
  [
    'gradle compileTestJava',
    {
      output:
        "Execution failed for task ':a:compileTestJava'.\n> Compilation failed; see the compiler error output for details.",
    },
    'build',
  ],
  [
    'pytest that prints other endings',
    { output: FAILED_TEST },
    'unit-test',
    'tests-failed',
  ],
  [
    'tests, then a linter that ends it',
    {
      output: `${FAILED_TEST.replace('1 failed, ', '1 failed, ')}\nmake: [test] Error 1 (ignored)\nsrc/a.py:1:1: F401 'os' imported but unused`,
      command: 'make all',
    },
    'lint',
  ],
  [
    'bandit',
    {
      output:
        '>> Issue: [B602:subprocess_popen_with_shell_equals_true] subprocess call with shell=True identified, security issue.\n   Severity: High   Confidence: High\n   CWE: CWE-78\n   Location: src/run.py:5:11',
    },
    'sast',
  ],
  ['gitleaks', { output: '3:31PM WRN leaks found: 2' }, 'secret'],
  [
    'pip-audit',
    {
      output:
        'Found 1 known vulnerability in 1 package\nName   Version ID                  Fix Versions\n------ ------- ------------------- ------------\njinja2 3.1.4   GHSA-q2x7-8rv6-6q7h 3.1.5',
    },
    'sca',
  ],
  [
    'grype',
    {
      output:
        '[0004] ERROR discovered vulnerabilities at or above the severity threshold',
    },
    'container-cve',
  ],
  [
    'pip-licenses',
    {
      output:
        'fail-on license MIT License was found for the package attrs:23.1.0',
    },
    'license',
  ],
  [
    'the gate',
    {
      output:
        '##[error]Gate FAILED: f1_macro 0.712 < 0.800 (threshold), 0.088 short; there is no champion yet\nmake: *** [Makefile:84: gate] Error 1',
      end: exit(2),
    },
    'gate',
    'gate-verdict',
  ],
  [
    'sklearn refuses a parameter',
    {
      output: trace(
        [OWN, SKLEARN],
        "sklearn.utils._param_validation.InvalidParameterError: The 'C' parameter of LogisticRegression must be a float. Got -1 instead.",
      ),
    },
    'training-error',
    'exception-in-training',
  ],
  [
    'a sentence of the template',
    { output: '##[error]The model cannot be trained: bad', end: exit(2) },
    'training-error',
  ],
  [
    'pandas cannot parse',
    {
      output: trace(
        [OWN, PANDAS],
        'pandas.errors.ParserError: Error tokenizing data. C error: Expected 3 fields in line 6, saw 5',
      ),
    },
    'data-loading',
    'exception-in-data',
  ],
  [
    'a column is missing',
    { output: trace([OWN, PANDAS], 'KeyError: "[\'plan\'] not in index"') },
    'data-loading',
  ],
  [
    'a cell of the template',
    {
      output:
        "##[error]churn.csv, row 18, column 'tenure': 'many' is not a number",
      end: exit(2),
    },
    'data-loading',
    'data-sentence',
  ],
  [
    'the tracking server is down, told by a stack of training',
    {
      output: trace(
        [
          OWN,
          'File "/x/lib/python3.11/site-packages/mlflow/client.py", line 3, in log',
        ],
        "requests.exceptions.ConnectionError: HTTPConnectionPool(host='m', port=5000): Max retries exceeded with url: /api",
      ),
    },
    'infrastructure',
    'connection',
  ],
  [
    'exit code 137',
    { output: 'epoch 1', end: exit(137) },
    'out-of-memory',
    'exit-137',
  ],
  [
    'make tells of a kill',
    { output: 'epoch 1\nmake: *** [Makefile:2: train] Killed', end: exit(2) },
    'out-of-memory',
    'killed',
  ],
  [
    'numpy',
    {
      output: trace(
        [OWN],
        'numpy._core._exceptions._ArrayMemoryError: Unable to allocate 26.8 GiB for an array',
      ),
    },
    'out-of-memory',
  ],
  ['exit code 124', { output: 'epoch 1', end: exit(124) }, 'timeout'],
  [
    'the job was too long',
    {
      output: 'epoch 1',
      end: '##[error]The job running on runner A 2 has exceeded the maximum execution time of 60 minutes.',
    },
    'timeout',
    'runner-time-limit',
  ],
  [
    'the API says it was too long',
    {
      output: 'epoch 1',
      end: '##[error]The operation was canceled.',
      facts: {
        conclusion: 'cancelled',
        jobs: [
          {
            name: 'check',
            conclusion: 'cancelled',
            annotations: [
              'The job has exceeded the maximum execution time of 60 minutes.',
            ],
          },
        ],
      },
    },
    'timeout',
  ],
  [
    'somebody cancelled',
    {
      output: 'epoch 1\nKeyboardInterrupt',
      end: '##[error]The operation was canceled.',
    },
    'cancelled',
    'cancelled',
  ],
  [
    'cancelled, and killed for it',
    {
      output: 'epoch 1',
      end: exit(137),
      facts: {
        conclusion: 'cancelled',
        jobs: [{ name: 'check', conclusion: 'cancelled' }],
      },
    },
    'cancelled',
    'cancelled',
  ],
  [
    'the runner went away',
    {
      output: 'epoch 1',
      end: '##[error]The runner has received a shutdown signal. This can happen',
    },
    'infrastructure',
    'runner-lost',
  ],
  [
    'git',
    {
      output:
        "Cloning\nfatal: unable to access 'https://g.example/': The requested URL returned error: 503",
      end: exit(128),
    },
    'infrastructure',
    'git-fetch',
  ],
  [
    'no such program',
    { output: 'bash: line 1: dvc: command not found', end: exit(127) },
    'infrastructure',
    'missing-program',
  ],
  [
    'an image that is not there',
    {
      output: 'docker: Error response from daemon: manifest unknown.',
      end: exit(125),
    },
    'image-pull',
  ],
  [
    'Argo CD',
    {
      output:
        'Phase:              Failed\nMessage:  one or more objects failed to apply\nlevel=fatal msg="Operation has completed with phase: Failed"',
      end: exit(20),
    },
    'argo-sync',
  ],
  [
    'kustomize',
    {
      output:
        "Error: accumulating resources: accumulation err='accumulating resources from '../../base'",
    },
    'manifest',
  ],
  [
    'kubeconform',
    {
      output:
        'd.yaml - Deployment churn is invalid: problem validating schema. Check JSON formatting',
    },
    'manifest',
  ],
  [
    'flaky, as the framework says',
    {
      output:
        '  1 flaky\n    [chromium] › a.spec.ts:3:1 › shows\n  47 passed (1.2m)',
    },
    'flaky',
  ],
  [
    'flaky, as another run of the commit says',
    {
      output: FAILED_TEST,
      facts: { conclusion: 'failure', sameCommitPassed: true },
    },
    'flaky',
    'same-commit-passed',
  ],
  [
    "nothing but the step's purpose",
    { output: 'done', command: 'make train' },
    'training-error',
    'step-is-training-error',
  ],
  ['nothing at all', { output: 'done', command: './ci.sh' }, 'unknown', 'none'],
];

describe('classify', () => {
  it.each(CASES)('%s', async (...[, { facts, ...parts }, type, rule]) => {
    const { classification, reduction } = await readLog(jobLog(parts), facts);
    expect(classification.type).toBe(type);
    expect(classification.rule).toBe(rule ?? classification.rule);
    expect(classification.reason).toMatch(/^[A-Z].*\.$/);
    const lines = jobLog(parts).split('\n');
    for (const { source, line, quote } of classification.evidence) {
      expect(source).toBe(reduction.source);
      expect(lines[line - 1]).toContain(quote);
    }
  });

  it('knows every type, and each rule by a name of its own', () => {
    const rules = [...earlyRules, ...lineRules, ...lateRules];
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const types = new Set<string>([
      ...rules.map(({ type }) => type),
      'unknown',
    ]);
    // Of what serves, the causes of alerts have rules of their own.
    const ofPipelines = FAILURE_TYPES.filter(
      type => !alertPrompt.types.includes(type),
    );
    expect(ofPipelines.filter(type => !types.has(type))).toEqual([]);
  });

  it('takes the report of the tool that the step runs, and of no other', () => {
    const finding = (
      tool: Finding['tool'],
      kind: Finding['kind'],
      severity: Finding['severity'],
    ): Finding => ({
      tool,
      kind,
      rule: 'X',
      message: 'found',
      severity,
    });
    const findings = [
      finding('trivy', 'container-cve', 'critical'),
      finding('bandit', 'sast', 'low'),
      finding('snyk', 'license', 'high'),
    ];
    const of = (name: string) =>
      classify({
        step: { job: 'check', name, source: 'log', lines: [1, 2], exitCode: 1 },
        reduction: keptLines(['working', 'ended']),
        findings,
        tests: [],
      });
    expect(of('Look for unsafe code (bandit)')).toMatchObject({
      type: 'sast',
      rule: 'sast-findings',
    });
    expect(of('Scan the image with Trivy')).toMatchObject({
      type: 'container-cve',
    });
    expect(of('Deploy')).toMatchObject({ type: 'unknown' });
  });

  it('does not let text decide over an exit code, a test or a finding', async () => {
    const quotes = [
      'Killed',
      'ImagePullBackOff',
      'No space left on device',
      'The operation was canceled.',
      'The runner has received a shutdown signal',
      'Operation has completed with phase: Failed',
      'java.lang.OutOfMemoryError: Java heap space',
      'fatal: unable to access',
    ];
    const forms = (quote: string) => [
      quote,
      `INFO ${quote}`,
      `E       ${quote}`,
      `  print("${quote}")`,
    ];
    const typeOf = async (command: string, output: string) =>
      (await readLog(jobLog({ command, output }))).classification.type;
    for (const line of quotes.flatMap(forms)) {
      const tests = await typeOf('make test', `${line}\n${FAILED_TEST}`);
      const lint = await typeOf(
        'make lint',
        `${line}\nsrc/a.py:1:1: F401 'os' imported but unused`,
      );
      expect({ line, tests, lint }).toEqual({
        line,
        tests: 'unit-test',
        lint: 'lint',
      });
    }
    // What other tools and the gate print in the output of a test.
    for (const line of [
      'leaks found: 4',
      'Gate FAILED: auc 0.1 < 0.9 (threshold)',
    ]) {
      expect(await typeOf('make test', `${line}\n${FAILED_TEST}`)).toBe(
        'unit-test',
      );
    }
  });

  it.each([
    [
      'pip',
      "ERROR: pip's dependency resolver does not currently take into account all the packages that are installed.\nfastai 2.7.13 requires torch<2.2,>=1.10, but you have torch 2.3.0 which is incompatible.\nSuccessfully installed torch-2.3.0",
    ],
    [
      'npm',
      'added 1287 packages, and audited 1288 packages in 41s\n12 vulnerabilities (3 low, 5 moderate, 4 high)\nRun `npm audit` for details.',
    ],
  ])('is not misled by what %s prints above the failure', async (_, above) => {
    const { classification } = await readLog(
      jobLog({
        command: './release.sh',
        output: `${above}\n${EXPIRED}`,
      }),
    );
    expect(classification.type).toBe('credentials');
    expect(classification.evidence[0].quote).toContain(EXPIRED);
  });

  it.each([
    [
      'a check in words of its own',
      'uv run ruff check .',
      'F401 [*] `pytest` imported but unused\n --> tests/test_refs.py:5:8\n  |\n5 | import pytest\n  |        ^^^^^^\nhelp: Remove unused import: `pytest`\n\nFound 1 error.',
      'F401 [*] `pytest` imported but unused',
    ],
    [
      'the message below the name of the exception',
      'python -m pytest',
      '=================================== FAILURES ===================================\n__________________________________ test_fit __________________________________\n>           return func(*args, **kwds)\nE           AssertionError: \nE           Not equal to tolerance rtol=1e-07, atol=0\nE           \nE           Mismatched elements: 1 / 8 (12.5%)\n=========================== short test summary info ============================\nFAILED tests/test_fit.py::test_fit - AssertionError: \n========================= 1 failed, 3 passed in 1.52s ==========================',
      'E           Not equal to tolerance rtol=1e-07, atol=0',
    ],
    [
      'the assertion, not what its values were',
      'python -m pytest',
      '=================================== FAILURES ===================================\n__________________________________ test_accuracy __________________________________\n>       assert (accuracy / batches) > 0.3\nE       assert (28.4 / 100) > 0.3\nE        +  where 100 = <data.Generator object at 0x7f1a>.batches\n=========================== short test summary info ============================\nFAILED tests/test_fit.py::test_accuracy - assert (28.4...\n========================= 1 failed, 3 passed in 1.52s ==========================',
      'E       assert (28.4 / 100) > 0.3',
    ],
    [
      'a race that Go calls a warning',
      'go test -race ./...',
      'WARNING: DATA RACE\nRead at 0x00c42009fd80 by goroutine 58:\n  acme.test/kube.finish()\n--- FAIL: TestFinish (0.04s)\n    testing.go:1490: race detected during execution of test\nFAIL\nFAIL\tacme.test/kube\t4.873s',
      'WARNING: DATA RACE',
    ],
  ])('quotes %s', async (_, command, output, quote) => {
    const { classification } = await readLog(jobLog({ command, output }));
    expect(classification.evidence[0].quote).toBe(quote);
  });

  it('shows that a step was ended from outside by its exit code', async () => {
    const { classification } = await readLog(
      jobLog({
        command: './network-test.sh',
        output: 'Waiting for pods to be ready\npod/api-0 condition met',
        end: exit(143),
      }),
    );
    expect(classification.evidence[0].quote).toBe(exit(143));
  });

  it('looks for no cause in what GitLab does after the script', async () => {
    const { classification } = await readLog(
      [
        'Executing "step_script" stage of the job script',
        '$ ./release.sh',
        EXPIRED,
        'Uploading artifacts for failed job',
        'ERROR: No files to upload',
        'Cleaning up project directory and file based variables',
        'ERROR: Job failed: exit code 1',
      ].join('\n'),
    );
    expect(classification.evidence[0].quote).toBe(EXPIRED);
  });

  it('holds for any kept lines, and always says the same', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 200 }), {
          maxLength: 60,
        }),
        fc.integer({ min: -300, max: 300 }),
        fc.boolean(),
        (lines, exitCode, hasStep) => {
          const input = {
            step: hasStep
              ? {
                  job: 'j',
                  name: lines[0],
                  source: 'log',
                  lines: [1, 60] as [number, number],
                  exitCode,
                  command: lines.join('\n'),
                }
              : undefined,
            reduction: keptLines(lines),
            findings: [],
            tests: [],
          };
          const answer = classify(input);
          expect(FAILURE_TYPES).toContain(answer.type);
          expect(classify(input)).toEqual(answer);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('reads hostile lines to their end', () => {
    const size = 64 * 1024;
    const seeds = [
      'a',
      ' ',
      '.',
      '=',
      '0',
      '[',
      '\u001b[',
      'a=',
      'a.',
      '/a',
      'A/',
      '(',
      '"',
      '\\',
      ': ',
      '1 ',
      '-',
      'at a.',
      '✗ ',
      '1:',
      'Error ',
      '##[error]',
      'File "',
      '> ',
      'E ',
    ];
    const starts = [
      '',
      '##[error]',
      '[ERROR] ',
      'Failed to execute goal ',
      'Error: ',
      "Execution failed for task '",
      'Traceback (most recent call last):',
      '  File "',
      'make: *** [',
      'rpc error: code = ',
      'policy ',
      'Package "',
      'unexpected status ',
      "The command '",
    ];
    const lines = starts.flatMap(start =>
      seeds.map(seed => start + seed.repeat(Math.ceil(size / seed.length))),
    );
    const answer = classify({
      step: {
        job: 'j',
        source: 'log',
        lines: [1, lines.length],
        exitCode: 1,
        command: lines[3],
      },
      reduction: keptLines(lines),
      findings: [],
      tests: [],
    });
    expect(FAILURE_TYPES).toContain(answer.type);
  });
});
