// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { root } from './lib/run.mjs';

const FIXTURES = path.join(
  root,
  'packages/triage-engine/src/evidence/parse/__fixtures__',
);
const CASES = path.join(root, 'eval/pipelines/cases');

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-triage-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

/**
 * `npm run --silent triage -- …`, as a person types it.
 *
 * @param {string[]} args
 * @param {{ input?: string, cwd?: string }} [options]
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
function triage(args, { input = '', cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      'npm',
      ['--prefix', root, 'run', '--silent', 'triage', '--', ...args],
      { cwd, env: { ...process.env, INIT_CWD: cwd } },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', text => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

describe('triage report', () => {
  const bandit = path.join(CASES, 'bandit');

  test('says for people why an archive of a real run failed', async () => {
    const { code, stdout } = await triage(
      ['report', '--run', 'failed.zip', '--pass', 'green.zip'],
      { cwd: bandit },
    );
    assert.equal(code, 0);
    assert.match(stdout, /Unsafe code found in `Security/);
    assert.match(stdout, /`B602`.*tracking\.py:145/);
    assert.match(stdout, /#### Proof/);
  });

  test('and as JSON, with the reports of the tools', async () => {
    const { code, stdout } = await triage([
      'report',
      '--run',
      path.join(bandit, 'failed.zip'),
      '--reports',
      path.join(bandit, 'reports'),
      '--json',
    ]);
    assert.equal(code, 0);
    const report = JSON.parse(stdout);
    assert.equal(report.failure.type, 'sast');
    assert.equal(report.ai.status, 'off');
    assert.match(report.failure.signature, /^[0-9a-f]{16}$/);
  });

  test('reads any text, of which nothing is known', async () => {
    const log = path.join(scratch, 'any.log');
    fs.writeFileSync(log, Buffer.from([0, 255, 13, 10, 27, 91, 0xed, 0xa0]));
    const { code, stdout } = await triage(['report', '--run', log]);
    assert.equal(code, 0);
    assert.match(stdout, /[Ii]nconclusive/);
  });
});

describe('triage parse', () => {
  test('prints findings and errors as JSON', async () => {
    const { code, stdout } = await triage([
      'parse',
      'bandit',
      path.join(FIXTURES, 'bandit', 'dd.json'),
    ]);
    assert.equal(code, 0);
    const { findings, errors } = JSON.parse(stdout);
    assert.equal(findings.length, 47);
    assert.deepEqual(errors, []);
  });

  test('reads what a tool printed, too', async () => {
    const { code, stdout } = await triage([
      'parse',
      'flake8',
      path.join(FIXTURES, 'flake8', 'default.txt'),
    ]);
    assert.equal(code, 0);
    assert.ok(JSON.parse(stdout).findings.length > 0);
  });

  test('says of a broken report that it is broken', async () => {
    const file = path.join(scratch, 'broken.json');
    fs.writeFileSync(file, '{"results": [{');
    const { code, stdout } = await triage(['parse', 'bandit', file]);
    assert.equal(code, 1);
    assert.equal(JSON.parse(stdout).errors.length, 1);
  });
});

describe('triage redact', () => {
  const token = ['glpat', '-', 'x7Kd93mQpW2sVb8TzYhR'].join('');
  const key = Array.from({ length: 30 }, (_, index) =>
    Buffer.from(`line ${index} of a key that nobody may read`).toString(
      'base64',
    ),
  );

  test('takes secrets out of what is piped through, however long it is', async () => {
    const pem = [
      '-----BEGIN RSA PRIVATE KEY-----',
      ...key,
      '-----END RSA PRIVATE KEY-----',
    ];
    const quiet = Array.from({ length: 1985 }, (_, index) => `step ${index}`);
    // The key stands where one block of lines ends and the next begins.
    const input = [`token ${token}`, ...quiet, ...pem, ...quiet, 'the end'];
    const { code, stdout } = await triage(['redact'], {
      input: `${input.join('\n')}\n`,
    });
    assert.equal(code, 0);
    const lines = stdout.split('\n');
    assert.equal(lines.length, input.length + 1);
    assert.match(lines[0], /^token \[REDACTED:/);
    assert.equal(lines[1], 'step 0');
    assert.equal(lines.at(-2), 'the end');
    for (const line of key) {
      assert.ok(!stdout.includes(line), `a line of the key is there: ${line}`);
    }
  });

  test('withholds a line that is too long to judge', async () => {
    const { stdout } = await triage(['redact'], {
      input: `a\n${'x'.repeat(3 * 1024 ** 2)} ${token}\nb`,
    });
    assert.deepEqual(stdout.split('\n'), [
      'a',
      '[REDACTED:withheld#1]',
      'b',
      '',
    ]);
  });
});

describe('triage reduce', () => {
  test('answers each request, and says which it cannot', async () => {
    const log = path.join(scratch, 'fail.log');
    const lines = Array.from(
      { length: 500 },
      (_, index) => `compiling ${index}`,
    );
    lines.splice(400, 0, 'error: cannot find symbol');
    fs.writeFileSync(log, lines.join('\r\n'));
    const input = [
      JSON.stringify({ id: 'a', log, baseline: null, budgetTokens: 200 }),
      JSON.stringify({
        id: 'b',
        log: path.join(scratch, 'none'),
        budgetTokens: 9,
      }),
      JSON.stringify({ id: 'c', log }),
      'nonsense',
    ].join('\n');
    const { code, stdout } = await triage(['reduce'], { input });
    assert.equal(code, 1);
    const answers = stdout
      .trim()
      .split('\n')
      .map(row => JSON.parse(row));
    assert.deepEqual(
      answers.map(({ id }) => id),
      ['a', 'b', null, null],
    );
    assert.ok(
      answers[0].lines.some((/** @type {number | number[]} */ each) =>
        Array.isArray(each) ? each[0] <= 401 && each[1] >= 401 : each === 401,
      ),
    );
    assert.match(answers[1].error, /ENOENT|no such file/);
    assert.match(answers[2].error, /budgetTokens/);
  });
});

test('what cannot be used ends with code 2 and a sentence', async () => {
  for (const [args, sentence] of /** @type {Array<[string[], RegExp]>} */ ([
    [['explain'], /There is no command "explain"; there are report/],
    [['report'], /report takes --run/],
    [['report', '--run', 'nowhere.zip'], /nowhere\.zip/],
    [['report', '--run', 'a', '--json', '--markdown'], /not both/],
    [['report', '--run', 'a', '--budget', '7'], /--budget takes/],
    [['parse', 'eslint', 'x'], /no parser for "eslint"/],
    [['parse', 'bandit'], /parse takes a tool and a file/],
  ])) {
    const { code, stderr, stdout } = await triage(args);
    assert.equal(code, 2, `${args}: ${stderr}`);
    assert.match(stderr, sentence);
    assert.equal(stdout, '');
  }
});
