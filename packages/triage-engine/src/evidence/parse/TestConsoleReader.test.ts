// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  findingSchema,
  stageErrorSchema,
  testSummarySchema,
} from '@greenroom/plugin-triage-common';
import fc from 'fast-check';
import { z } from 'zod';
import { packagePath } from '../../__testUtils__/packagePath';
import { fileInput } from '../../logs/input/fileInput';
import { readLines } from '../../logs/lines/readLines';
import { TestConsoleReader } from './TestConsoleReader';
import type { ParseResult } from './types';

const FIXTURES = packagePath('src/toolchains/__fixtures__');
const CONSOLES = readdirSync(FIXTURES).flatMap(framework =>
  readdirSync(path.join(FIXTURES, framework))
    .filter(name => name.endsWith('.txt'))
    .map(name => `${framework}/${name}`),
);

const resultSchema = z.strictObject({
  findings: z.array(findingSchema),
  tests: z.array(testSummarySchema),
  errors: z.array(stageErrorSchema),
});

function read(text: string | string[]): ParseResult {
  const reader = new TestConsoleReader({ source: 'build/5_Test.txt' });
  const lines = typeof text === 'string' ? text.split('\n') : text;
  lines.forEach((line, at) => reader.write({ number: at + 1, text: line }));
  return reader.end();
}

/** Counts and names, which is what most of these tests are about. */
const runsOf = (text: string) =>
  read(text).tests.map(
    ({ framework, total, passed, failed, errors, skipped, failedTests }) => ({
      framework,
      counts: [total, passed, failed, errors, skipped],
      names: failedTests.map(test => test.name),
    }),
  );

describe('TestConsoleReader', () => {
  it.each(CONSOLES)('reads %s as its framework printed it', async name => {
    const reader = new TestConsoleReader({ source: name });
    for await (const line of readLines(fileInput(path.join(FIXTURES, name)))) {
      reader.write(line);
    }
    const result = reader.end();
    const expected: unknown = JSON.parse(
      readFileSync(
        path.join(FIXTURES, name.replace(/\.txt$/, '.json')),
        'utf8',
      ),
    );
    expect(JSON.parse(JSON.stringify(result.tests))).toEqual(expected);
    resultSchema.parse(result);
    expect(result.errors).toEqual([]);
  });

  it('makes findings of what pytest says, with file, line and proof', () => {
    const text = readFileSync(
      path.join(FIXTURES, 'pytest/default.txt'),
      'utf8',
    );
    const { findings, tests } = read(text);
    expect(findings).toHaveLength(6);
    expect(findings[1]).toMatchObject({
      tool: 'pytest',
      kind: 'test',
      rule: 'tests/test_calc.py::TestDivide::test_by_zero',
      message: 'ZeroDivisionError: division by zero',
      file: 'tests/test_calc.py',
      line: 19,
    });
    const proof = findings[1].evidence!;
    expect(text.split('\n')[proof.line - 1]).toContain(proof.quote);
    expect(tests[0].failedTests[1].evidence).toEqual(proof);
  });

  it('counts each module of a Maven build once, and no class twice', () => {
    expect(
      runsOf(`[INFO] Running org.example.ATest
[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 1, Time elapsed: 0.1 s - in org.example.ATest
[INFO] Results:
[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 1
[INFO] Running org.example.BTest
[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! - in org.example.BTest
[ERROR] org.example.BTest.works with blanks in its name  Time elapsed: 0.01 s  <<< FAILURE!
[INFO] Results:
[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0
##[group]Run mvn -B verify
Running org.example.CTest
Tests run: 4, Failures: 0, Errors: 1, Skipped: 0, Time elapsed: 2 sec <<< FAILURE!
hangs(org.example.CTest)  Time elapsed: 1 sec  <<< ERROR!
Killed`),
    ).toEqual([
      { framework: 'surefire', counts: [3, 2, 0, 0, 1], names: [] },
      {
        framework: 'surefire',
        counts: [2, 1, 1, 0, 0],
        names: ['org.example.BTest.works with blanks in its name'],
      },
      {
        framework: 'surefire',
        counts: [4, 3, 0, 1, 0],
        names: ['hangs(org.example.CTest)'],
      },
    ]);
  });

  it('takes the names of a summary where the log has no others', () => {
    expect(
      runsOf(`Results :
Failed tests:   a(org.example.ATest): expected:<1> but was:<2>
  b[0: x y](org.example.ATest)
Tests in error:
  CTest.c:12->help:3 » NullPointer
  DTest>Base.d:5 » IO nothing there

Tests run: 9, Failures: 2, Errors: 2, Skipped: 0`),
    ).toEqual([
      {
        framework: 'surefire',
        counts: [9, 5, 2, 2, 0],
        names: [
          'a(org.example.ATest)',
          'b[0: x y](org.example.ATest)',
          'CTest.c',
          'DTest>Base.d',
        ],
      },
    ]);
  });

  it('gives a Gradle task its failed tests, printed before or after the count', () => {
    const { tests } = read(`> Task :a:test FAILED
2 tests completed, 1 failed
ATest > one() FAILED
    java.lang.AssertionError at ATest.java:7
> Task :b:test
com.example.BTest > two FAILED
    java.io.IOException: gone
        at com.example.Helper.open(Helper.java:3)
        at com.example.BTest.two(BTest.java:21)
BTest > display name of > a test FAILED
com.example.SetUpTest.rows FAILED
    java.lang.NullPointerException: no rows
org.example.NotATest.because.nothing.follows FAILED
3 tests completed, 3 failed, 0 skipped
> Task :c:compileJava FAILED`);
    expect(tests).toMatchObject([
      {
        total: 2,
        failed: 1,
        failedTests: [{ name: 'ATest.one', file: 'ATest.java', line: 7 }],
      },
      {
        total: 3,
        failed: 3,
        failedTests: [
          {
            name: 'com.example.BTest.two',
            message: 'java.io.IOException: gone',
            line: 21,
          },
          { name: 'BTest > display name of > a test' },
          { name: 'com.example.SetUpTest.rows' },
        ],
      },
    ]);
  });

  it('keeps apart what several programs print on one console', () => {
    expect(
      runsOf(`web_1    | FAIL src/a.test.js
api_1    | ============================= test session starts ==============================
web_1    |   ● adds › wrongly
api_1    | FAILED tests/test_a.py::test_b - assert 1 == 2
web_1    | Tests:       1 failed, 2 passed, 3 total
api_1    | ========================= 1 failed, 4 passed in 0.12s =========================
@bank/ui:test: FAIL src/b.test.js
@bank/ui:test:   ● throws
@bank/ui:test: Tests:       1 failed, 1 total
packages/core test:   7 passing (2s)`),
    ).toEqual([
      {
        framework: 'jest',
        counts: [3, 2, 1, undefined, 0],
        names: ['adds › wrongly'],
      },
      {
        framework: 'pytest',
        counts: [5, 4, 1, 0, 0],
        names: ['tests/test_a.py::test_b'],
      },
      { framework: 'jest', counts: [1, 0, 1, undefined, 0], names: ['throws'] },
      { framework: 'mocha', counts: [7, 7, 0, undefined, 0], names: [] },
    ]);
  });

  it('reads frameworks that could not be run here, as their sources print', () => {
    expect(
      runsOf(`com.example.SumTest
  Test addsWrongly() FAILED (1.2s)
FAILURE: Executed 7 tests in 3.1s (1 failed, 2 skipped)
======================================================================
FAIL: test.sum_test.test_adds
----------------------------------------------------------------------
Traceback (most recent call last):
AssertionError
----------------------------------------------------------------------
Ran 7 tests in 16.999s

FAILED (SKIP=1, failures=1)`),
    ).toEqual([
      {
        framework: 'gradle',
        counts: [7, 4, 1, undefined, 2],
        names: ['com.example.SumTest > addsWrongly()'],
      },
      {
        framework: 'unittest',
        counts: [7, 5, 1, 0, 1],
        names: ['test.sum_test.test_adds'],
      },
    ]);
  });

  it('sees no test where programs only speak like one', () => {
    expect(
      read(`ok
OK
FAILED
Build failed: 3 passed
FAIL: the disk is full
ERROR: test_x (not a block)
Failed to connect (1 failed, 2 passed)
  1) choose an option
  2 passing
Tests: none
Tests run: unknown
not ok, but who knows
--- a/src/a.js
+++ b/src/a.js
> Task :compile FAILED
{"Action": "fail", "Test": 7}
=== short test summary info ===
12 examples, all good`).tests,
    ).toEqual([
      {
        framework: 'mocha',
        source: 'build/5_Test.txt',
        total: 2,
        passed: 2,
        failed: 0,
        skipped: 0,
        failedTests: [],
      },
    ]);
  });

  it('keeps 2000 failed tests and 500 runs, and says what it left out', () => {
    const lines = Array.from(
      { length: 2500 },
      (_, at) => `FAILED tests/test_a.py::test_${at}`,
    );
    const many = read([...lines, '=== 2500 failed, 1 passed in 9.12s ===']);
    expect(many.tests[0]).toMatchObject({ total: 2501, failed: 2500 });
    expect(many.tests[0].failedTests).toHaveLength(2000);
    expect(many.errors).toMatchObject([
      {
        code: 'too-many-failed-tests',
        message: expect.stringContaining('500 more'),
      },
    ]);

    const runs = read(
      Array.from({ length: 1200 }, () => '=== 1 passed in 0.01s ==='),
    );
    expect(runs.tests).toHaveLength(500);
    expect(runs.tests.reduce((sum, run) => sum + (run.total ?? 0), 0)).toBe(
      1200,
    );
    expect(runs.errors).toMatchObject([{ code: 'too-many-test-runs' }]);
  });

  it('never fails on any lines, and quotes what is there', () => {
    const real = CONSOLES.flatMap(name =>
      readFileSync(path.join(FIXTURES, name), 'utf8').split('\n'),
    );
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...real) },
      { weight: 1, arbitrary: fc.string({ maxLength: 80, unit: 'binary' }) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom(...real), fc.nat(80), fc.constantFrom(...real))
          .map(([a, at, b]) => a.slice(0, at) + b.slice(at)),
      },
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 120 }), lines => {
        const result = read(lines);
        expect(resultSchema.safeParse(result).error).toBeUndefined();
        for (const test of result.tests.flatMap(run => run.failedTests)) {
          const { evidence } = test;
          expect(evidence && lines[evidence.line - 1]).toContain(
            evidence?.quote,
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  it('takes hostile lines in time that grows with their length only', () => {
    const parts = [
      'a',
      ' ',
      '.',
      '=',
      '_',
      '(',
      ')',
      '[',
      '1',
      '-',
      ':',
      '\t',
      ',',
      '{"',
      '::',
      'a.',
      'a=',
      '()',
      '[1]',
      ' > ',
      ' | ',
      '\u001b[',
      'at a(',
      'Tests: ',
      '1 failed, ',
      'FAILED ',
      ' FAILED',
      '--- FAIL: ',
      'Time elapsed: ',
      ' <<< FAILURE!',
      '● ',
      'ok ',
      'a.py::',
      '] - ',
      'x/',
      '>a.',
      '#a',
      ' - ',
      '1) ',
      'File "',
    ];
    const heads = [
      '',
      'FAILED ',
      'Tests run: ',
      '  1) ',
      'E   ',
      '  ● ',
      ' FAIL  ',
      'not ok 1 ',
      '=== ',
      'Testcase: ',
      '[ERROR] ',
      '[  FAILED  ] ',
      'at ',
      '    at ',
      '# ',
      '✖ ',
      'Chrome 9 (x) ',
      '{"Action":"output","Output":"',
    ];
    // Both sizes take the same path; a quadratic reader would need 1024 times as
    // long for the larger one, and the whole test hours.
    const reader = new TestConsoleReader({ source: 'hostile' });
    let number = 0;
    for (const head of heads) {
      reader.write({ number: (number += 1), text: 'FAIL a.test.js' });
      reader.write({ number: (number += 1), text: '=== FAILURES ===' });
      reader.write({ number: (number += 1), text: 'Results :' });
      reader.write({ number: (number += 1), text: 'Failed tests: ' });
      for (const part of parts) {
        const long = (head + part.repeat(65_536 / part.length)).slice(
          0,
          65_536,
        );
        reader.write({ number: (number += 1), text: long });
        reader.write({
          number: (number += 1),
          text: `${long.slice(0, 1900)} x`,
        });
      }
    }
    expect(resultSchema.safeParse(reader.end()).error).toBeUndefined();
  });
});
