// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { normalizeMessage } from './normalizeMessage';
import { jobLog, readLog } from './__testUtils__/classifyLog';

const signature = async (
  output: string,
  rest: { shift?: number; end?: string } = {},
) => (await readLog(jobLog({ output, ...rest }))).signature;

/** The same log of another run: other times, folders, lines, durations, ids. */
const again = (output: string): string =>
  output
    .replaceAll('/home/runner/work/churn/churn', '/__w/churn/churn')
    .replaceAll('/opt/hostedtoolcache/Python/3.11.9/x64', '/usr')
    .replaceAll('/tmp/tmpab12cd', '/tmp/tmp9zz8y7')
    .replaceAll(
      '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
      '9b2504e0-4f89-41d3-9a0c-0305e82c3399',
    )
    .replace(/line (\d+)/g, (_, line) => `line ${Number(line) + 12}`)
    .replace(/(\d+)\.(\d\d)s/g, '9.87s')
    .replace(/0x[0-9a-f]+/g, '0x7fdeadbeef')
    .replaceAll('10.0.0.7:41733', '10.1.9.3:52111')
    .replaceAll('2026-05-04 09:31:02', '2026-06-11 23:59:58');

const FRAMES = `Traceback (most recent call last):
  File "/home/runner/work/churn/churn/src/churn/train.py", line 41, in fit_model
    model.fit(x, y)
  File "/opt/hostedtoolcache/Python/3.11.9/x64/lib/python3.11/site-packages/sklearn/base.py", line 98, in wrapper
    return fit(x)
`;
const CAUSES = {
  parameter: `${FRAMES}sklearn.utils._param_validation.InvalidParameterError: The 'C' parameter must be a float. Got -1 instead.`,
  solver: `${FRAMES}ValueError: Solver lbfgs supports only 'l2' or None penalties, got l1 penalty.`,
  elsewhere: `${FRAMES.replace('fit_model', 'fit_champion')}ValueError: Solver lbfgs supports only 'l2' or None penalties, got l1 penalty.`,
  refused: `2026-05-04 09:31:02 ERROR dial tcp 10.0.0.7:41733: connect: connection refused`,
  disk: `OSError: [Errno 28] No space left on device: '/tmp/tmpab12cd/part-3f2504e0-4f89-41d3-9a0c-0305e82c3301'`,
  lint: `src/a.py:14:80: E501 line too long (121 > 88 characters)`,
  otherLint: `src/a.py:14:80: F401 'os' imported but unused`,
  test: `_____ test_drain _____
E       assert <Server object at 0x7f1c2a3b4c50> is None
/home/runner/work/churn/churn/tests/test_serve.py:41: AssertionError
=========================== short test summary info ============================
FAILED tests/test_serve.py::test_drain - assert <Server object at 0x7f1c2a3b4c50> is None
========================= 1 failed, 3 passed in 1.52s ==========================`,
  gate: `##[error]Gate FAILED: f1_macro 0.712 < 0.800 (threshold), 0.088 short; there is no champion yet`,
  otherGate: `##[error]Gate FAILED: roc_auc 0.712 < 0.800 (threshold), 0.088 short; there is no champion yet`,
  cell: `##[error]churn.csv, row 18, column 'tenure': 'many' is not a number`,
};

describe('rootSignature', () => {
  it.each(Object.entries(CAUSES))(
    'is the same in another run, on another machine, further down: %s',
    async (_, output) => {
      const first = await signature(output);
      expect(first).toMatch(/^[0-9a-f]{16}$/);
      expect(await signature(output)).toBe(first);
      expect(await signature(again(output), { shift: 37 })).toBe(first);
      expect(await signature(output, { shift: 5 })).toBe(first);
    },
  );

  it('differs from cause to cause', async () => {
    const all = await Promise.all(
      Object.values(CAUSES).map(output => signature(output)),
    );
    expect(new Set(all).size).toBe(all.length);
  });

  it('groups by cause: one error that fails other tests each time is one', async () => {
    const summary = (names: string[], message: string) =>
      [
        '=========================== short test summary info ============================',
        ...names.map(name => `FAILED tests/test_api.py::${name} - ${message}`),
        `========================= ${names.length} failed in 1.52s ==========================`,
      ].join('\n');
    const error =
      'sqlalchemy.exc.OperationalError: server closed the connection';
    const one = await signature(summary(['test_a', 'test_b', 'test_c'], error));
    const other = await signature(summary(['test_b', 'test_d'], error));
    expect(other).toBe(one);
    const assertion = 'AssertionError: expected true';
    expect(await signature(summary(['test_a'], assertion))).not.toBe(
      await signature(summary(['test_b'], assertion)),
    );
  });

  it('keeps the words of a message and takes out what differs', () => {
    expect(
      normalizeMessage(
        "Failed after 12.5s at 2026-05-04T09:31:02Z: /home/runner/work/a/a/src/x.py:41 got 'blue' from 10.0.0.7:8080 (0x7f1c)",
      ),
    ).toBe(
      "failed after <n> at <time>: x.py got 'blue' from <host> (<address>)",
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), text => {
        const once = normalizeMessage(text);
        expect(once.length).toBeLessThanOrEqual(600 * 9);
      }),
      { numRuns: 50 },
    );
    for (const seed of [
      'a',
      'a.',
      '/a',
      '0',
      '0:',
      '-',
      'a-',
      '\\a',
      ':/',
      '1.',
      '0x',
      'f',
    ]) {
      expect(typeof normalizeMessage(seed.repeat(40_000))).toBe('string');
    }
  });
});
