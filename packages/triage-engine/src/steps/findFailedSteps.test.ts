// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { bufferInput } from '../logs/input/bufferInput';
import type { JobLog, RunLogs } from '../logs/unpack/types';
import { findFailedSteps } from './findFailedSteps';

const stamp = (second: number) =>
  `2026-05-04T09:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(
    second % 60,
  ).padStart(2, '0')}.1234567Z `;

/** Lines as the runner writes them, one a second from the given one on. */
const stamped = (lines: string[], from = 0): string =>
  `${lines.map((line, index) => stamp(from + index) + line).join('\n')}\n`;

const job = (name: string, text: string, steps: JobLog['steps'] = []) => ({
  name,
  log: bufferInput(text, `${name}.txt`),
  steps,
});

const run = (...jobs: JobLog[]): RunLogs => ({
  jobs,
  errors: [],
  close: async () => {},
});

const step = (command: string, ...output: string[]) => [
  `##[group]Run ${command}`,
  `\u001b[36;1m${command}\u001b[0m`,
  'shell: /usr/bin/bash -e {0}',
  'env:',
  '  MODE: test',
  '##[endgroup]',
  ...output,
];
const failed = (code: number) =>
  `##[error]Process completed with exit code ${code}.`;
const cleanUp = [
  'Post job cleanup.',
  '[command]/usr/bin/git version',
  '##[error]late',
];

describe('findFailedSteps', () => {
  it('finds the step of a job log, its command, exit code and output', async () => {
    const text = stamped([
      ...step('make lint', 'fine'),
      ...step('make test', '1 failed', failed(2)),
      ...step('make report', 'always'),
      ...cleanUp,
    ]);
    const found = await findFailedSteps(run(job('check', text)));
    expect(found).toEqual([
      {
        job: 'check',
        name: undefined,
        source: 'check.txt',
        lines: [8, 15],
        outputFrom: 14,
        exitCode: 2,
        command: expect.stringContaining('make test'),
        error: { source: 'check.txt', line: 15, quote: failed(2) },
      },
    ]);
  });

  it('reads the files of steps, and says which step it was', async () => {
    const file = (number: number, name: string, lines: string[]) => ({
      number,
      name,
      log: bufferInput(stamped(lines), `check/${number}_${name}.txt`),
    });
    const found = await findFailedSteps(
      run(
        job('check', '', [
          file(2, 'Lint', step('make lint', 'fine')),
          file(3, 'Test', [
            ...step('make test', '##[group]Run nested', 'x', failed(1)),
          ]),
          file(9, 'Post Check out', [
            'Post job cleanup.',
            '##[error]Cannot delete',
          ]),
        ]),
      ),
    );
    expect(found).toEqual([
      expect.objectContaining({
        name: 'Test',
        source: 'check/3_Test.txt',
        lines: [1, 9],
        exitCode: 1,
      }),
    ]);
  });

  it('puts first what failed first; what follows from it and what was cancelled comes last or not at all', async () => {
    const required = stamped(
      [
        '##[group]Run echo "Results: $RESULTS"',
        'echo "Results: $RESULTS"',
        'shell: /usr/bin/bash -e {0}',
        'env:',
        '  RESULTS: success failure cancelled skipped',
        '##[endgroup]',
        'Results: success failure cancelled skipped',
        failed(1),
      ],
      5,
    );
    const found = await findFailedSteps(
      run(
        job('CI passed', required),
        job('late', stamped(step('make b', failed(3)), 120)),
        job(
          'stopped',
          stamped(step('make c', '##[error]The operation was canceled.'), 1),
        ),
        job('early', stamped(step('make a', failed(1)), 60)),
        job('fine', stamped(step('make d', 'ok'))),
      ),
    );
    expect(found.map(each => each.job)).toEqual(['early', 'late', 'CI passed']);
  });

  it('tells a step that its job went on after from the one that stopped it', async () => {
    const file = (
      name: string,
      number: number,
      title: string,
      lines: string[],
      from: number,
    ) => ({
      number,
      name: title,
      log: bufferInput(stamped(lines, from), `${name}/${number}_${title}.txt`),
    });
    const soft = job('security', '', [
      file('security', 3, 'Audit', step('make audit', failed(1)), 0),
      file('security', 4, 'Report', step('make report', 'fine'), 9),
    ]);
    const stopped = job('check', '', [
      file('check', 3, 'Test', step('make test', failed(2)), 60),
      file('check', 5, 'Keep reports', step('upload', 'fine'), 70),
    ]);
    const last = job('gate', '', [
      file('gate', 3, 'Gate', step('make gate', failed(2)), 80),
      file('gate', 4, 'Complete job', ['Cleaning up orphan processes'], 90),
    ]);
    const names = async (...jobs: JobLog[]) =>
      (await findFailedSteps(run(...jobs))).map(each => each.name);
    expect(await names(soft, stopped)).toEqual(['Test', 'Audit']);
    expect(await names(soft, last)).toEqual(['Gate', 'Audit']);
    expect(await names(last, stopped)).toEqual(['Test', 'Gate']);
    expect(await names(soft)).toEqual(['Audit']);
    const ended = job('train', '', [
      file(
        'train',
        5,
        'Train',
        step('make train', '##[error]The operation was canceled.'),
        40,
      ),
    ]);
    expect(await names(soft, ended)).toEqual(['Train', 'Audit']);
    expect(await names(soft, ended, stopped)).toEqual(['Test', 'Audit']);
  });

  it('believes the API before the log', async () => {
    const soft = stamped([
      ...step('make soft', failed(1)),
      ...step('make hard', '##[error]src/a.ts: broken', 'and more'),
      ...cleanUp,
    ]);
    const steps = [
      { number: 3, name: 'Soft', lines: [1, 7] as [number, number] },
      { number: 4, name: 'Hard', lines: [8, 15] as [number, number] },
    ];
    const facts = {
      conclusion: 'failure',
      jobs: [
        { name: 'other / job: 1', conclusion: 'success' },
        {
          name: 'build',
          conclusion: 'failure',
          steps: [
            { number: 3, name: 'Soft', conclusion: 'success' },
            { number: 4, name: 'Hard', conclusion: 'failure' },
          ],
        },
      ],
    };
    const found = await findFailedSteps(
      run(
        job('other  job 1', stamped(step('make x', failed(7)))),
        job('build', soft, steps),
      ),
      facts,
    );
    expect(found).toEqual([
      expect.objectContaining({ job: 'build', name: 'Hard', lines: [8, 15] }),
    ]);
  });

  it('reads Travis, Jenkins and GitLab', async () => {
    const travis = [
      'travis_fold:start:install',
      '$ pip install -r requirements.txt',
      'The command "pip install -r requirements.txt" exited with 0.',
      '$ python -m pytest',
      '1 failed in 0.1s',
      'The command "python -m pytest" exited with 1.',
      'travis_fold:start:after_failure',
      '$ cat log',
      'Done. Your build exited with 1.',
    ].join('\n');
    const jenkins = [
      '[churn] $ /bin/sh -xe /tmp/jenkins1.sh',
      '+ make',
      'broken',
      "Build step 'Execute shell' marked build as failure",
      'Archiving artifacts',
      'Finished: FAILURE',
    ].join('\n');
    const gitlab = [
      '$ make test',
      'broken',
      'ERROR: Job failed: exit code 3',
    ].join('\n');
    const one = async (text: string) =>
      (await findFailedSteps(run(job('job', text))))[0];
    expect(await one(travis)).toMatchObject({
      lines: [4, 6],
      exitCode: 1,
      command: 'python -m pytest',
    });
    expect(await one(jenkins)).toMatchObject({
      lines: [1, 4],
      name: 'Execute shell',
    });
    expect(await one(gitlab)).toMatchObject({ lines: [1, 3], exitCode: 3 });
  });

  it('takes the last step of a log without any sign, and a plain text as a whole', async () => {
    const quiet = stamped([
      ...step('make a', 'x'),
      ...step('make b', 'y'),
      ...cleanUp.slice(0, 2),
    ]);
    expect(await findFailedSteps(run(job('quiet', quiet)))).toEqual([
      expect.objectContaining({ lines: [8, 14], error: undefined }),
    ]);
    const [plain] = await findFailedSteps(run(job('plain', 'a\nb\nc\n')));
    expect(plain.lines).toEqual([1, 3]);
    expect(await findFailedSteps(run())).toEqual([]);
  });

  it('holds for any bytes: lines are in the log, whatever the chunks', async () => {
    const fragment = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
      fc
        .constantFrom(
          failed(1),
          '##[group]Run make',
          '##[endgroup]',
          'Post job cleanup.',
          '##[error]',
          'The command "x" exited with 9.',
          '$ x',
          '\n',
          '\r',
          '\r\n',
          stamp(3),
          'job\tstep\t',
          '\ufeff',
        )
        .map(text => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fragment, { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (parts, size) => {
          const bytes = Buffer.concat(parts);
          const whole = await findFailedSteps(
            run(job('any', bytes.toString('latin1'))),
          );
          const text = Buffer.from(bytes.toString('latin1'));
          const log = {
            source: 'any.txt',
            async *open() {
              for (let at = 0; at < text.length; at += size) {
                yield text.subarray(at, at + size);
              }
            },
          };
          const split = await findFailedSteps(
            run({ name: 'any', log, steps: [] }),
          );
          expect(split).toEqual(whole);
          const lines = text.toString('utf8').split(/\r\n|\r|\n/).length;
          for (const each of whole) {
            expect(each.lines[0]).toBeGreaterThanOrEqual(1);
            expect(each.lines[1]).toBeGreaterThanOrEqual(each.lines[0]);
            expect(each.lines[1]).toBeLessThanOrEqual(lines);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
