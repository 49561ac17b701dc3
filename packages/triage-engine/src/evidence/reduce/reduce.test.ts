// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { bufferInput } from '../../logs/input/bufferInput';
import { countTokens } from './countTokens';
import { readLines } from '../../logs/lines/readLines';
import type { LogInput, LogLine } from '../../logs/types';
import { reduceLog } from './reduceLog';
import type { Reduction } from './types';

// A bound on hanging, not on speed: a machine may have much else to do.
jest.setTimeout(60_000);

const input = (text: string | Uint8Array) => bufferInput(text, 'job.log');

/** The same bytes in other pieces. */
function pieces(bytes: Uint8Array, size: number): LogInput {
  return {
    source: 'job.log',
    async *open() {
      for (let at = 0; at < bytes.length; at += size) {
        yield bytes.subarray(at, at + size);
      }
    },
  };
}

async function allLines(log: LogInput): Promise<LogLine[]> {
  const lines = [];
  for await (const line of readLines(log)) {
    lines.push(line);
  }
  return lines;
}

const texts = (reduction: Reduction) => reduction.lines.map(line => line.text);

/** What a job prints that goes well, with much that sounds like failure. */
function quietLines(count: number, seed = 0): string[] {
  return Array.from({ length: count }, (_, i) => {
    const n = i + seed;
    return [
      `Downloading package-${n} from the registry`,
      `[INFO] Tests run: ${n}, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.${n} s - in org.example.ErrorHandler${n}Test`,
      `tests/test_error_handling.py::test_case_${n} PASSED`,
      `  ✓ renders the failure page (${n} ms)`,
      `--- PASS: TestErrors${n} (0.00s)`,
      `compiling module ${n} of 9000`,
      `0 errors, 0 warnings in file ${n}`,
    ][n % 7];
  });
}

const logText = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...quietLines(30)) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          'ERROR: it broke',
          'java.lang.IllegalStateException: no',
          '    at org.example.Main.main(Main.java:12)',
          '##[error]Process completed with exit code 1.',
          '##[group]Run make',
          '##[endgroup]',
          'Post job cleanup.',
          '  2 failing',
          '  1) a suite',
          'Failed tests:   one(org.example.A)',
          '_____ test_x _____',
          '\ufeff',
          '',
          '   ',
        ),
      },
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ maxLength: 9 }).map(text => text.repeat(200)),
    ),
    { maxLength: 120 },
  )
  .chain(lines =>
    fc.constantFrom('\n', '\r\n', '\r').map(end => lines.join(end)),
  );

describe('reduceLog', () => {
  it('keeps lines that are there, within the budget, the same for the same bytes in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        logText,
        fc.option(logText),
        fc.integer({ min: 0, max: 600 }),
        fc.option(fc.tuple(fc.nat(100), fc.nat(100))),
        fc.integer({ min: 1, max: 200 }),
        async (text, passText, budgetTokens, span, size) => {
          const bytes = Buffer.from(text);
          const pass = passText === null ? undefined : input(passText);
          const step = span ? ([...span] as [number, number]) : undefined;
          const options = { pass, budgetTokens, step };
          const reduction = await reduceLog({ log: input(bytes), ...options });

          const all = await allLines(input(bytes));
          expect(reduction.totalLines).toBe(all.length);
          expect(reduction.totalBytes).toBe(bytes.length);
          const numbers = reduction.lines.map(line => line.number);
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
          expect(reduction.lines).toEqual(
            numbers.map(number => all[number - 1]),
          );
          expect(reduction.usedTokens).toBe(
            texts(reduction).reduce((sum, line) => sum + countTokens(line), 0),
          );
          expect(reduction.usedTokens).toBeLessThanOrEqual(budgetTokens);

          expect(
            await reduceLog({ log: pieces(bytes, size), ...options }),
          ).toEqual(reduction);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('takes any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async bytes => {
        const reduction = await reduceLog({
          log: input(bytes),
          pass: input(bytes.slice().reverse()),
          budgetTokens: 100,
        });
        expect(reduction.usedTokens).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('keeps all of a log that fits', async () => {
    const lines = [
      'make test',
      'cc -c main.c',
      'oops',
      'make: *** [test] Error 1',
    ];
    const reduction = await reduceLog({
      log: input(lines.join('\n')),
      budgetTokens: 4000,
    });
    expect(texts(reduction)).toEqual(lines);
    expect(reduction).toMatchObject({
      source: 'job.log',
      totalLines: 4,
      budgetTokens: 4000,
      comparedWithPass: false,
    });
  });

  describe('with 300 tokens finds what says that', () => {
    it.each<[string, string[]]>([
      [
        'pytest',
        [
          '=================================== FAILURES ===================================',
          '!_________________________ TestGate.test_keeps_threshold _________________________',
          '',
          '    def test_keeps_threshold(self):',
          '>       assert accuracy >= 0.9',
          '!E       assert 0.7 >= 0.9',
          '',
          'tests/test_gate.py:12: AssertionError',
          '=========================== short test summary info ============================',
          '!FAILED tests/test_gate.py::TestGate::test_keeps_threshold - assert 0.7 >= 0.9',
          '========================= 1 failed, 12 passed in 3.21s =========================',
        ],
      ],
      [
        'unittest',
        [
          '======================================================================',
          '!FAIL: test_split (tests.test_data.DataTest)',
          '----------------------------------------------------------------------',
          'Traceback (most recent call last):',
          '  File "/work/tests/test_data.py", line 9, in test_split',
          '    self.assertEqual(len(train), 80)',
          '!AssertionError: 79 != 80',
          '',
          'Ran 20 tests in 0.5s',
          '',
          'FAILED (failures=1)',
        ],
      ],
      [
        'a traceback',
        [
          'Traceback (most recent call last):',
          '  File "/work/train.py", line 31, in <module>',
          '    main()',
          '!ValueError: could not convert string to float: "n/a"',
        ],
      ],
      [
        'surefire',
        [
          '[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! - in org.example.CartTest',
          '![ERROR] totals(org.example.CartTest)  Time elapsed: 0.01 s  <<< FAILURE!',
          '!java.lang.AssertionError: expected:<3> but was:<4>',
          '\tat org.junit.Assert.fail(Assert.java:89)',
        ],
      ],
      [
        'surefire before 2.19',
        [
          'Results :',
          '',
          '!Failed tests:   adds(org.example.CartTest): expected:<3> but was:<4>',
          '!  removes(org.example.CartTest): expected:<0> but was:<1>',
          '',
          'Tests run: 12, Failures: 2, Errors: 0, Skipped: 0',
        ],
      ],
      [
        'maven',
        [
          '[INFO] BUILD FAILURE',
          '![ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.8.0:compile on project cart: Compilation failure',
          '![ERROR] /work/src/main/java/org/example/Cart.java:[27,12] cannot find symbol',
          '[ERROR]   symbol:   class Basket',
        ],
      ],
      [
        'gradle',
        [
          '!CartTest > adds() FAILED',
          '    org.opentest4j.AssertionFailedError at CartTest.java:61',
          '',
          'FAILURE: Build failed with an exception.',
          '',
          '* What went wrong:',
          "!Execution failed for task ':test'.",
        ],
      ],
      [
        'go test',
        [
          '!--- FAIL: TestCart (0.00s)',
          '    cart_test.go:14: got 3, want 4',
          'FAIL',
          '!FAIL\texample.com/cart\t0.012s',
        ],
      ],
      [
        'go build',
        ['# example.com/cart', '!./cart.go:12:5: undefined: basket'],
      ],
      [
        'cargo',
        [
          '!test cart::adds ... FAILED',
          'failures:',
          '',
          '---- cart::adds stdout ----',
          "thread 'cart::adds' panicked at src/cart.rs:9:5:",
          '!error[E0308]: mismatched types',
        ],
      ],
      [
        'jest',
        [
          ' FAIL  src/cart.test.js',
          '!  ● Cart › adds a book',
          '',
          '    expect(received).toBe(expected)',
          '',
          '    Expected: 4',
          '    Received: 3',
        ],
      ],
      [
        'lerna with jest',
        [
          '@shop/cart:   ● Cart › adds a book',
          '!@shop/cart:   ● Cart › adds a book',
        ],
      ],
      [
        'mocha',
        [
          '  12 passing (2s)',
          '  1 failing',
          '',
          '!  1) Cart',
          '!       adds a book:',
          '     AssertionError: expected 3 to equal 4',
        ],
      ],
      [
        'karma',
        ['!Chrome Headless 101.0 (Linux x86_64) Cart adds a book FAILED'],
      ],
      ['TAP', ['!not ok 7 - adds a book', '  ---', '  operator: equal']],
      ['rspec', ['!rspec ./spec/cart_spec.rb:9 # Cart adds a book']],
      [
        'minitest',
        ['!  1) Failure:', 'CartTest#test_adds [test/cart_test.rb:9]:'],
      ],
      [
        'PHPUnit',
        ['There was 1 failure:', '', '!1) Tests\\CartTest::testAdds'],
      ],
      ['xUnit', ['!  Shop.CartTest.Adds [FAIL]']],
      ['GoogleTest', ['![  FAILED  ] CartTest.Adds (0 ms)']],
      ['gcc', ['!src/cart.c:12:5: error: expected ‘;’ before ‘return’']],
      ['the linker', ["!cart.c:(.text+0x1a): undefined reference to `total'"]],
      ['tsc', ["!src/cart.ts(12,5): error TS2304: Cannot find name 'Book'."]],
      [
        'eslint',
        [
          '/work/src/cart.js',
          "!  12:5  error  'x' is defined but never used  no-unused-vars",
        ],
      ],
      [
        'flake8',
        ['!src/train.py:12:80: E501 line too long (94 > 79 characters)'],
      ],
      ['mypy', ['!src/train.py:12: error: Incompatible return value type']],
      ['black', ['!would reformat src/train.py']],
      [
        'bandit',
        [
          '!>> Issue: [B105:hardcoded_password_string] Possible hardcoded password',
          '   Severity: Low   Confidence: Medium',
          '   Location: ./src/train.py:12:0',
        ],
      ],
      ['gitleaks', ['!12:03AM WRN leaks found: 2']],
      [
        'hadolint',
        [
          '!Dockerfile:3 DL3008 warning: Pin versions in apt get install',
          '!Dockerfile:9 SC2086 info: Double quote',
        ],
      ],
      [
        'pip',
        [
          '!ERROR: Could not find a version that satisfies the requirement tensorflou',
        ],
      ],
      [
        'npm',
        [
          'npm ERR! code ERESOLVE',
          '!npm ERR! ERESOLVE unable to resolve dependency tree',
        ],
      ],
      ['apt', ['!E: Unable to locate package libfoo']],
      [
        'docker',
        [
          '!ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2',
        ],
      ],
      [
        'terraform',
        ['╷', '!│ Error: Unsupported argument', '│', '│   on main.tf line 3'],
      ],
      [
        'kubectl',
        ['!Error from server (NotFound): deployments.apps "cart" not found'],
      ],
      ['kubelet', ['!Warning  Failed  kubelet  Error: ImagePullBackOff']],
      [
        'the kernel',
        [
          '!/work/run.sh: line 3:  1234 Killed                  python train.py',
          '!Killed',
        ],
      ],
      ['a full disk', ['!OSError: [Errno 28] No space left on device']],
      ['bash', ['!/work/run.sh: line 3: pyton: command not found']],
      [
        'git',
        [
          "!fatal: unable to access 'https://example.com/': The requested URL returned error: 503",
        ],
      ],
      [
        'node',
        [
          '!TypeError: Cannot read properties of undefined',
          '    at Object.<anonymous> (/work/cart.js:9:5)',
        ],
      ],
      [
        'a panic',
        [
          '!panic: runtime error: index out of range [3] with length 3',
          '',
          'goroutine 1 [running]:',
        ],
      ],
    ])('%s', async (_, failure) => {
      const wanted = failure
        .filter(line => line.startsWith('!'))
        .map(line => line.slice(1));
      const log = [
        ...quietLines(1500),
        ...failure.map(line => line.replace(/^!/, '')),
        ...quietLines(40, 9000),
        '##[error]Process completed with exit code 1.',
        'Post job cleanup.',
        ...quietLines(300, 9100),
      ].map(line => `2024-05-06T07:08:09.1234567Z ${line}`);
      const reduction = await reduceLog({
        log: input(log.join('\n')),
        budgetTokens: 300,
      });
      expect(texts(reduction)).toEqual(expect.arrayContaining(wanted));
    });
  });

  it('takes what the passing run has too for harmless, whatever its numbers', async () => {
    const noise = (run: number) =>
      Array.from({ length: 400 }, (_, i) => [
        `ERROR: cache ${run}${i} is cold`,
        `java.lang.IllegalStateException: retry ${run * 7 + i}`,
        `    at org.example.Cache.get(Cache.java:${i})`,
        `0${run}:17:${i % 60} worker ${i} took ${run}.${i} s in /tmp/build-${run}a${i}/x`,
      ]).flat();
    const cause = [
      'Schema of orders.csv has a column less than the model was trained on',
      'wanted: amount, country, age',
      'have: amount, country',
    ];
    const log = [...noise(1), ...cause, ...noise(2).slice(0, 300)];
    const budgetTokens = 100;
    const pass = input(noise(3).join('\n'));
    const end = ['##[error]Process completed with exit code 1.'];
    const reduction = await reduceLog({
      log: input([...log, ...end].join('\n')),
      pass,
      budgetTokens,
    });
    expect(texts(reduction)).toEqual(expect.arrayContaining(cause));
    expect(reduction.comparedWithPass).toBe(true);
  });

  it('tells a count of none from a count of some', async () => {
    const log = (failures: number) =>
      [
        ...quietLines(600, failures),
        `Results: 12 checks, Failures: ${failures}`,
        ...quietLines(600, 5),
      ].join('\n');
    const reduction = await reduceLog({
      log: input(log(2)),
      pass: input(log(0)),
      budgetTokens: 60,
    });
    expect(texts(reduction)).toContain('Results: 12 checks, Failures: 2');
  });

  it('does without a passing run that has the same errors', async () => {
    const log = [...quietLines(900), 'ERROR: the gate is closed', 'exit'];
    const reduction = await reduceLog({
      log: input(log.join('\n')),
      pass: input(log.join('\n')),
      budgetTokens: 80,
    });
    expect(texts(reduction)).toContain('ERROR: the gate is closed');
    expect(reduction.comparedWithPass).toBe(false);
  });

  it('keeps each of many errors before the rest of one', async () => {
    const trace = Array.from(
      { length: 400 },
      (_, i) =>
        `    at org.example.${'abcdefgh'[i % 8]}${i}.call(Call.java:${i})`,
    );
    const errors = ['Disk', 'Network', 'Schema', 'Memory'].map(
      what => `org.example.${what}Exception: ${what} is not there`,
    );
    const reduction = await reduceLog({
      log: input(
        errors
          .flatMap(error => [...quietLines(50), error, ...trace])
          .join('\n'),
      ),
      budgetTokens: 400,
    });
    expect(texts(reduction)).toEqual(expect.arrayContaining(errors));
  });

  it('is not drowned by 20,000 copies of an error', async () => {
    const decoy = (i: number) => [
      'Traceback (most recent call last):',
      `  File "/tmp/x${i}.py", line ${i}, in f`,
      `ValueError: decoy ${i}`,
      'next',
    ];
    const decoys = Array.from({ length: 20_000 }, (_, i) => decoy(i)).flat();
    const cause = 'MlflowException: Registered model cart not found';
    const reduction = await reduceLog({
      log: input(
        [...decoys.slice(0, 40_000), cause, ...decoys.slice(40_000)].join('\n'),
      ),
      budgetTokens: 300,
    });
    expect(texts(reduction)).toContain(cause);
  });

  it("shows neither a step's script nor the clean-up as the cause", async () => {
    const script = [
      '##[group]Run if ! make test; then',
      'if ! make test; then',
      '  echo "ERROR: the tests failed"',
      'fi',
      'shell: /usr/bin/bash -e {0}',
      '##[endgroup]',
    ];
    const cleanup = Array.from(
      { length: 200 },
      (_, i) => `fatal: could not remove credential ${'abcdefg'[i % 7]}${i}`,
    );
    const cause = 'ConnectionRefusedError: [Errno 111] mlflow:5000';
    const reduction = await reduceLog({
      log: input(
        [
          ...Array.from({ length: 30 }, () => script).flat(),
          cause,
          '##[error]Process completed with exit code 1.',
          'Post job cleanup.',
          ...cleanup,
        ].join('\n'),
      ),
      budgetTokens: 40,
    });
    expect(texts(reduction)).toContain(cause);
    expect(texts(reduction).join()).not.toContain('credential');
    expect(texts(reduction)).not.toContain('  echo "ERROR: the tests failed"');
  });

  it('says what was running when it failed, and what the first error is under, though a run that passed has both', async () => {
    const step = (script: string, output: string[]) => [
      `##[group]Run ${script}`,
      script,
      'shell: /usr/bin/bash -e {0}',
      '##[endgroup]',
      ...output,
    ];
    const job = (output: string[]) =>
      [
        ...step('make deps', quietLines(200)),
        ...step('make check-types', [
          ...quietLines(200, 500),
          '+ tsc --project model',
          ...quietLines(30, 900),
          'Checking the features of the model',
          '',
          ...output,
        ]),
      ].join('\n');
    const error = 'features.ts:7:3: error: a string is no number';
    const reduction = await reduceLog({
      log: input(job([error, '##[error]Process completed with exit code 2.'])),
      pass: input(job(['all is well'])),
      budgetTokens: 100,
    });
    expect(texts(reduction)).toEqual(
      expect.arrayContaining([
        '##[group]Run make check-types',
        '+ tsc --project model',
        'Checking the features of the model',
        error,
      ]),
    );
    expect(texts(reduction)).not.toContain('##[group]Run make deps');
  });

  it('prefers the step that failed, where it is known', async () => {
    const block = (step: string) =>
      Array.from(
        { length: 30 },
        (_, i) => `ERROR: ${step} ${'abcde'[i % 5].repeat(i + 1)}`,
      );
    const log = [...block('setup'), ...quietLines(100), ...block('train')];
    const reduction = await reduceLog({
      log: input(log.join('\n')),
      budgetTokens: 150,
      step: [131, 160],
    });
    expect(reduction.lines.length).toBeGreaterThan(10);
    expect(reduction.lines.filter(({ number }) => number < 131)).toEqual([]);
  });

  it('has what stands above the end, though what only sounds like failure is between', async () => {
    const log = [
      ...quietLines(400),
      'On branch main',
      'nothing to commit, working tree clean',
      ...quietLines(84).filter((_, at) => at % 7 === 0),
      'git fetch --timeout=10 origin',
      ...quietLines(84, 90).filter((_, at) => at % 7 === 0),
      '##[error]Process completed with exit code 1.',
    ];
    const kept = texts(
      await reduceLog({ log: input(log.join('\n')), budgetTokens: 1000 }),
    );
    expect(kept).toContain('On branch main');
    expect(kept).toContain('nothing to commit, working tree clean');
  });

  it('takes what javac says of an error for no failed test', async () => {
    const unknown = (name: string) => [
      `[ERROR] /src/main/java/org/example/${name}.java:[12,5] cannot find symbol`,
      `[ERROR]   symbol:   class ${name}`,
      `[ERROR]   location: class org.example.Total${name}`,
    ];
    const names = Array.from({ length: 60 }, (_, at) => `Type${at}x`);
    const { lines } = await reduceLog({
      log: input(names.flatMap(unknown).join('\n')),
      budgetTokens: 600,
    });
    const places = lines.filter(({ text }) => text.includes('cannot find'));
    expect(places.length).toBeGreaterThan(lines.length / 6);
  });

  it('has the end of a log that says nothing of a failure', async () => {
    const lines = Array.from(
      { length: 3000 },
      (_, i) => `step ${i} done ${'xyz'[i % 3]}`,
    );
    const reduction = await reduceLog({
      log: input(lines.join('\n')),
      budgetTokens: 60,
    });
    expect(reduction.lines.at(-1)?.number).toBe(3000);
  });

  describe('bears', () => {
    it.each<[string, string | Uint8Array, number]>([
      ['nothing', '', 0],
      ['a line of 20 MB', 'x'.repeat(20_000_000), 1],
      ['200,000 lines alike', 'ERROR: no\n'.repeat(200_000), 200_000],
      ['200,000 blank lines', '\n'.repeat(200_000), 200_000],
      ['lone carriage returns', '\r'.repeat(1000), 1000],
    ])('%s', async (_, text, totalLines) => {
      const reduction = await reduceLog({
        log: input(text),
        pass: input(text),
        budgetTokens: 500,
      });
      expect(reduction.totalLines).toBe(totalLines);
      expect(reduction.usedTokens).toBeLessThanOrEqual(500);
    });

    it('60,000 errors, all different', async () => {
      const log = Array.from(
        { length: 60_000 },
        (_, i) =>
          `ERROR: ${i.toString(2).replaceAll('0', 'o').replaceAll('1', 'l')}`,
      );
      const reduction = await reduceLog({
        log: input(log.join('\n')),
        budgetTokens: 2000,
      });
      expect(reduction.usedTokens).toBeGreaterThan(1900);
      expect(reduction.usedTokens).toBeLessThanOrEqual(2000);
    });

    it.each([
      'a',
      ' ',
      '.',
      '=',
      '0',
      '[',
      ':',
      '_',
      '_ ',
      'a=',
      'a.',
      'a:1',
      'error ',
      'FAILED ',
      '\u001b[',
      '● ',
      'at ',
      ' 1) ',
      'ERROR: a',
      'Exception in thread "',
      'exit code ',
    ])('lines of 64 Ki of %j', async unit => {
      const line = unit.repeat(65536 / unit.length);
      const log = {
        source: 'job.log',
        async *open() {
          const piece = Buffer.from(`${line}\nfail ${line}\n`);
          for (let i = 0; i < 200; i++) {
            yield piece;
          }
        },
      };
      const reduction = await reduceLog({ log, budgetTokens: 4000 });
      expect(reduction.totalLines).toBe(400);
    });
  });

  it('stops when it is told to, and passes on what the input throws', async () => {
    const controller = new AbortController();
    const endless = {
      source: 'endless',
      async *open() {
        for (let i = 0; i < 1000; i++) {
          if (i === 3) {
            controller.abort(new Error('enough'));
          }
          yield Buffer.from('line\n');
        }
      },
    };
    await expect(
      reduceLog({
        log: endless,
        budgetTokens: 100,
        signal: controller.signal,
      }),
    ).rejects.toThrow('enough');
    const broken = {
      source: 'broken',
      async *open() {
        yield Buffer.from('line\n');
        throw new Error('read failed');
      },
    };
    await expect(reduceLog({ log: broken, budgetTokens: 100 })).rejects.toThrow(
      'read failed',
    );
  });
});
