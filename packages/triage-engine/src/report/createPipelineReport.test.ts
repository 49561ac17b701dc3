// SPDX-License-Identifier: Apache-2.0
import {
  triageReportSchema,
  type TriageReport,
} from '@greenroom/plugin-triage-common';
import fc from 'fast-check';
import { LlmError } from '../explain/ask/LlmError';
import type { LlmAnswer, LlmClient } from '../explain/ask/types';
import { bufferInput } from '../logs/input/bufferInput';
import { readLines } from '../logs/lines/readLines';
import type { LogInput } from '../logs/types';
import { renderMarkdown } from '../render/renderMarkdown';
import { renderSlack } from '../render/renderSlack';
import type { RunLogs } from '../logs/unpack/types';
import { unpackRunLogs } from '../logs/unpack/unpackRunLogs';
import { BELOW_KINDS } from '../redact/__fixtures__/belowKinds';
import { Draw } from '../redact/__fixtures__/Draw';
import { findLeak } from '../redact/__fixtures__/leaks';
import { createPipelineReport } from './createPipelineReport';

jest.setTimeout(60_000);

const logsOf = (text: string, name = 'job.log'): Promise<RunLogs> =>
  unpackRunLogs(Buffer.from(text), { name });

const TIME = '2026-11-20T10:00:00.0000000Z ';

/** A job whose pytest step fails, with some secrets on the way. */
const githubToken = ['ghp', '_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join(
  '',
);
const KEY_BODY =
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const FAILING_LOG = [
  '##[group]Run make test',
  'make test',
  '##[endgroup]',
  `GITHUB_TOKEN=${githubToken}`,
  '-----BEGIN PRIVATE KEY-----',
  KEY_BODY,
  KEY_BODY.split('').reverse().join(''),
  '-----END PRIVATE KEY-----',
  '=================================== FAILURES ===================================',
  '________________________________ test_the_ratio ________________________________',
  '',
  '    def test_the_ratio():',
  '>       assert ratio(1, 0) == 0',
  '',
  'tests/test_ratio.py:7: ',
  '_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _',
  'src/churn/ratio.py:3: ZeroDivisionError',
  '=========================== short test summary info ============================',
  'FAILED tests/test_ratio.py::test_the_ratio - ZeroDivisionError: division by zero',
  '========================= 1 failed, 12 passed in 0.31s =========================',
  'make: *** [Makefile:20: test] Error 1',
  '##[error]Process completed with exit code 2.',
  'Post job cleanup.',
]
  .map(line => TIME + line)
  .join('\n');

const client = (
  generate: (prompt: string, signal: AbortSignal) => Promise<unknown>,
): LlmClient => ({
  name: 'Gemini',
  generate: async ({ user, signal }) =>
    ({
      model: 'fake',
      value: await generate(user, signal),
    }) satisfies LlmAnswer,
});

const answerOf = (value: object) => ({
  suspects: [],
  claims: [],
  rootCause: {
    evidence: [],
    outcome: 'inconclusive',
    statement: '',
    confidence: 'low',
  },
  missing: [],
  nextSteps: [],
  ...value,
});

const deterministic = ({ ai, ...rest }: TriageReport) => rest;

describe('a report without a model', () => {
  it('holds no secret that only a line tells of which was cut', async () => {
    const leaks: string[] = [];
    let shown = 0;
    for (const [at, [kind, make]] of Object.entries(BELOW_KINDS).entries()) {
      const { text, secrets } = make(new Draw(31 * at));
      // So that its lines are among the last that fit.
      const log = FAILING_LOG.replace(
        `${TIME}make: ***`,
        `${text.replace(/^/gm, TIME)}\n${TIME}make: ***`,
      );
      for (const budgetTokens of [60, 120, 160, 200, 240]) {
        const report = await createPipelineReport(
          { incident: {}, logs: await logsOf(log) },
          { budgetTokens },
        );
        const isCut = report.excerpts[0].lines.length < 20;
        const out = JSON.stringify(report);
        shown += isCut && out.includes('[REDACTED:') ? 1 : 0;
        leaks.push(
          ...(findLeak(out, secrets) ? [`${kind} ${budgetTokens}`] : []),
        );
      }
    }
    expect(leaks).toEqual([]);
    expect(shown).toBeGreaterThan(20);
  });

  it('is complete, says why no model speaks, and holds no secret', async () => {
    const report = await createPipelineReport({
      incident: { repository: 'acme/churn', workflow: 'CI' },
      logs: await logsOf(FAILING_LOG),
      owner: 'group:default/fraud-team',
      isProtected: true,
    });
    expect(report.failure).toMatchObject({
      type: 'unit-test',
      step: { exitCode: 2 },
    });
    expect(report.tests[0]).toMatchObject({
      framework: 'pytest',
      failed: 1,
      passed: 12,
      failedTests: [{ name: 'tests/test_ratio.py::test_the_ratio' }],
    });
    expect(report.summary).toContain('1 failing test');
    expect(report.rootCause).toMatchObject({ outcome: 'identified' });
    expect(report.decision.owner).toBe('group:default/fraud-team');
    expect(report.ai).toMatchObject({ status: 'off' });
    expect(Object.keys(report.redactions).length).toBeGreaterThanOrEqual(2);
    const all =
      JSON.stringify(report) +
      renderMarkdown(report, { target: 'comment' }) +
      JSON.stringify(renderSlack(report));
    expect(all).not.toContain(githubToken);
    expect(all).not.toContain(KEY_BODY);
    expect(all).not.toContain(KEY_BODY.split('').reverse().join(''));
  });

  it('has the same signature in another run, on another machine, lines later', async () => {
    const one = await createPipelineReport({
      incident: {},
      logs: await logsOf(FAILING_LOG),
    });
    const later = FAILING_LOG.replaceAll(TIME, '2026-12-24T23:59:59.1234567Z ')
      .replace('##[group]Run', `${TIME}warming up\n${TIME}##[group]Run`)
      .replace('in 0.31s', 'in 12.07s');
    const two = await createPipelineReport({
      incident: {},
      logs: await logsOf(later),
    });
    expect(two.failure.signature).toBe(one.failure.signature);
    const other = await createPipelineReport({
      incident: {},
      logs: await logsOf(
        FAILING_LOG.replaceAll('ratio', 'sum').replaceAll(
          'ZeroDivisionError: division by zero',
          "KeyError: 'months'",
        ),
      ),
    });
    expect(other.failure.signature).not.toBe(one.failure.signature);
  });

  it('says what it could not read, and goes on', async () => {
    const logs = await logsOf(FAILING_LOG);
    const report = await createPipelineReport({
      incident: {},
      logs: {
        ...logs,
        errors: [
          {
            stage: 'unpack',
            source: '../LICENSE',
            code: 'unsafe-path',
            message: 'left out',
          },
        ],
      },
      reports: [
        { source: 'bandit.json', content: Buffer.from('{"results": [') },
      ],
    });
    expect(report.failure.type).toBe('unit-test');
    expect(report.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'unsafe-path' }),
        expect.objectContaining({ source: 'bandit.json' }),
      ]),
    );
  });

  it('keeps what the console says where only another job left a report', async () => {
    const junit = (name: string) =>
      `<testsuite name="pytest" tests="1" failures="1"><testcase classname="tests.test_other" name="${name}"><failure message="no"/></testcase></testsuite>`;
    const namesWith = async (name: string) => {
      const { tests } = await createPipelineReport({
        incident: {},
        logs: await logsOf(FAILING_LOG),
        reports: [{ source: 'junit.xml', content: Buffer.from(junit(name)) }],
      });
      return tests.flatMap(({ failedTests }) =>
        failedTests.map(test => test.name),
      );
    };
    const printed = 'tests/test_ratio.py::test_the_ratio';
    expect(await namesWith('test_another')).toEqual([
      expect.stringContaining('test_another'),
      printed,
    ]);
    // The end of a name is not the name.
    expect(await namesWith('ratio')).toContain(printed);
  });

  it('says what is not the cause, and why', async () => {
    const bandit = {
      errors: [],
      metrics: {},
      results: [1, 2].map(line => ({
        filename: 'src/a.py',
        line_number: line,
        test_id: 'B602',
        test_name: 'subprocess_popen_with_shell_equals_true',
        issue_confidence: 'HIGH',
        issue_severity: 'HIGH',
        issue_text: 'subprocess call with shell=True',
      })),
    };
    const junit =
      '<testsuite name="pytest" tests="1" failures="1"><testcase classname="tests.a" name="b"><failure message="no"/></testcase></testsuite>';
    const reports = [
      { source: 'bandit.json', content: Buffer.from(JSON.stringify(bandit)) },
      { source: 'junit.xml', content: Buffer.from(junit) },
    ];
    const compare = { failed: { commit: 'a1' }, green: { commit: 'a1' } };
    const lint = [
      'src/a.py:3:5: E225 missing whitespace around operator',
      '##[error]Process completed with exit code 1.',
    ].join('\n');
    const report = await createPipelineReport({
      incident: {},
      logs: await logsOf(lint),
      reports,
      compare,
    });
    expect(report.excluded).toEqual([
      {
        cause: 'A change of the code',
        reason: 'The last green run was of the same commit.',
      },
      {
        cause: '2 findings of bandit',
        reason: expect.stringContaining('another step'),
      },
      {
        cause: '1 failing test',
        reason: expect.stringContaining('runs no tests'),
      },
    ]);
    expect(renderMarkdown(report, { target: 'comment' })).toContain(
      'Not the cause: 2 findings of bandit.',
    );

    // A failing step that runs tests is not told that they are another's.
    const own = await createPipelineReport({
      incident: {},
      logs: await logsOf(FAILING_LOG),
      reports: reports.slice(1),
      compare: { ...compare, green: { commit: 'b2' } },
    });
    expect(own.excluded).toBeUndefined();
  });

  it('keeps two findings of one rule on one line, and says what a green archive lacks', async () => {
    const lint = [
      'src/a.py:3:5: E225 missing whitespace around operator',
      'src/a.py:3:9: E225 missing whitespace around operator',
      'make: *** [Makefile:3: lint] Error 1',
      '##[error]Process completed with exit code 2.',
    ];
    const passingLogs = await logsOf('all is well', 'green.log');
    passingLogs.errors.push({
      stage: 'unpack',
      source: 'green.zip',
      code: 'broken-entry',
      message: 'it ends early',
    });
    const report = await createPipelineReport({
      incident: {},
      logs: await logsOf(lint.map(line => TIME + line).join('\n')),
      passingLogs,
    });
    expect(report.findings.map(({ column }) => column)).toEqual([5, 9]);
    expect(report.errors).toEqual([
      expect.objectContaining({ source: 'green.zip' }),
    ]);
  });

  it('knows a job by the name that its runner gives it, and compares it whatever the files are called', async () => {
    const named = (name: string) => [
      `Complete job name: ${name}`,
      '##[group]Run make train',
      'make train',
      'shell: /usr/bin/bash -e {0}',
      '##[endgroup]',
      // A step cannot rename the job.
      'Complete job name: another',
    ];
    const failed = 'RuntimeError: the loss is not a number';
    const logOf = (lines: string[]) =>
      lines.map(line => TIME + line).join('\n');
    const reportOf = async (pass: string[], name?: string) =>
      createPipelineReport({
        incident: {},
        logs: await logsOf(
          logOf([
            ...(name ? named(name) : []),
            'RuntimeWarning: it fails as ever',
            failed,
            '##[error]Process completed with exit code 1.',
          ]),
          'run.log',
        ),
        passingLogs: await logsOf(logOf(pass), 'last-green.log'),
      });
    const quiet = ['RuntimeWarning: it fails as ever', 'done'];

    const report = await reportOf(
      [...named('Train / all (3.12)'), ...quiet],
      'Train / all (3.12)',
    );
    expect(report.failure.step?.job).toBe('Train / all (3.12)');
    expect(report.excerpts[0]).toMatchObject({ comparedWithPass: true });
    expect(report.errors).toEqual([]);

    // Neither says how its only job is called.
    const unnamed = await reportOf(quiet);
    expect(unnamed.failure.step?.job).toBe('run');
    expect(unnamed.excerpts[0]).toMatchObject({ comparedWithPass: true });
  });

  it('says that a run that passed had no such job', async () => {
    const columns = (job: string, text: string) =>
      `${job}\tmake\t${TIME}${text}`;
    const report = await createPipelineReport({
      incident: {},
      logs: await logsOf(
        [
          columns('train', 'RuntimeError: the loss is not a number'),
          columns('train', '##[error]Process completed with exit code 1.'),
        ].join('\n'),
      ),
      passingLogs: await logsOf(
        [columns('build', 'all is well'), columns('lint', 'so it is')].join(
          '\n',
        ),
      ),
    });
    expect(report.excerpts[0]).toMatchObject({ comparedWithPass: false });
    expect(report.errors).toEqual([
      expect.objectContaining({
        code: 'no-passing-job',
        message: expect.stringContaining('"train"'),
      }),
    ]);
  });

  it('reports a log that breaks off while it is read', async () => {
    const logs = await logsOf(FAILING_LOG);
    const broken: LogInput = {
      source: logs.jobs[0].log.source,
      async *open() {
        yield Buffer.from(FAILING_LOG.slice(0, 400));
        throw new Error('the disk went away');
      },
    };
    const report = await createPipelineReport({
      incident: {},
      logs: { ...logs, jobs: [{ ...logs.jobs[0], log: broken, steps: [] }] },
    }).catch(error => error);
    const text =
      report instanceof Error ? report.message : JSON.stringify(report.errors);
    expect(text).toContain('the disk went away');
  });

  it('is inconclusive, and says what is missing, where nothing explains it', async () => {
    const report = await createPipelineReport({
      incident: {},
      logs: await logsOf('all is well\nand quiet\n'),
    });
    expect(report.failure.type).toBe('unknown');
    expect(report.rootCause).toMatchObject({ outcome: 'inconclusive' });
    expect(JSON.stringify(report.rootCause)).toContain('passed');
  });
});

describe('a model', () => {
  const report = async (llm: LlmClient, options = {}) =>
    createPipelineReport(
      { incident: {}, logs: await logsOf(FAILING_LOG) },
      { llm, ...options },
    );

  it('is asked with redacted lines, and believed where its quote stands', async () => {
    let prompt = '';
    const answered = await report(
      client(async user => {
        prompt = user;
        const [, line] =
          /^L(\d+)\|.*ZeroDivisionError: division by zero/m.exec(user) ?? [];
        return answerOf({
          rootCause: {
            evidence: [
              {
                source: 'A',
                line: Number(line),
                quote: 'ZeroDivisionError: division by zero',
              },
            ],
            outcome: 'identified',
            statement: 'The ratio divides by zero when there are no months.',
            confidence: 'high',
          },
          claims: [
            {
              evidence: [
                {
                  source: 'A',
                  line: Number(line),
                  quote: 'made up by the model',
                },
              ],
              statement: 'Nothing proves this.',
              confidence: 'high',
            },
          ],
        });
      }),
    );
    expect(prompt).not.toContain(githubToken);
    expect(prompt).not.toContain(KEY_BODY);
    expect(answered.rootCause).toMatchObject({
      outcome: 'identified',
      statement: 'The ratio divides by zero when there are no months.',
    });
    expect(answered.claims).toEqual([]);
    expect(answered.ai).toMatchObject({ status: 'answered', droppedClaims: 1 });
  });

  const plain = async () =>
    deterministic(
      await createPipelineReport({
        incident: {},
        logs: await logsOf(FAILING_LOG),
      }),
    );

  it.each<[string, LlmClient]>([
    [
      'has no quota',
      client(() => Promise.reject(new LlmError('quota', 'too many'))),
    ],
    ['blocks', client(() => Promise.reject(new LlmError('blocked', 'SAFETY')))],
    ['breaks', client(() => Promise.reject(new TypeError('bug')))],
    ['answers nonsense', client(async () => ({ rootCause: 'the DNS' }))],
    ['answers nothing', client(async () => undefined)],
  ])(
    'that %s leaves the report of the rules, and the reason',
    async (_, llm) => {
      const made = await report(llm);
      expect(made.ai.status).toBe('failed');
      expect(made.ai.reason).toMatch(/Gemini/);
      expect(deterministic(made)).toEqual(await plain());
    },
  );

  it('that hangs ends with the time that is given', async () => {
    const made = await report(
      client(() => new Promise(() => {})),
      { timeoutMs: 8000 },
    );
    expect(made.ai).toMatchObject({ status: 'failed' });
    expect(made.ai.reason).toMatch(/in time/);
    expect(deterministic(made)).toEqual(await plain());
  });

  it('is not waited for when the caller gives up', async () => {
    const controller = new AbortController();
    const made = report(
      client(async () => {
        controller.abort(new Error('no longer needed'));
        return new Promise(() => {});
      }),
      { signal: controller.signal },
    );
    await expect(made).rejects.toThrow('no longer needed');
  });
});

describe('any bytes', () => {
  it('become a report, whose lines stand in the log with their numbers', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.constantFrom(
        '##[error]Process completed with exit code 1.',
        'Traceback (most recent call last):',
        'FAILED tests/test_a.py::test_b - KeyError',
        '[ERROR] Tests run: 3, Failures: 1',
        '\u001b[31mERROR\u001b[0m',
        'x'.repeat(70_000),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(piece, fc.constantFrom('\n', '\r\n', '\r')), {
          maxLength: 40,
        }),
        fc.uint8Array({ maxLength: 40 }),
        async (pieces, tail) => {
          const bytes = Buffer.concat([
            Buffer.from(pieces.map(each => each.join('')).join('')),
            tail,
          ]);
          const logs = await unpackRunLogs(bytes, { name: 'any.log' });
          const report = await createPipelineReport({ incident: {}, logs });
          triageReportSchema.parse(report);
          renderMarkdown(report, { target: 'comment' });
          const numbers = new Set<number>();
          for await (const { number } of readLines(
            bufferInput(bytes, 'any.log'),
          )) {
            numbers.add(number);
          }
          for (const { lines } of report.excerpts) {
            expect(lines.every(line => numbers.has(line.number))).toBe(true);
          }
          await logs.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});
