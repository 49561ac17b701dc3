// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { root } from './lib/run.mjs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-serving-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

/**
 * `npm run --silent serving -- …`, as a person types it, in the scratch folder.
 *
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
function serving(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      'npm',
      ['--prefix', root, 'run', '--silent', 'serving', '--', ...args],
      {
        cwd: scratch,
        env: { ...process.env, INIT_CWD: scratch },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', text => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout, stderr }));
  });
}

/** @param {string} name @param {unknown} content */
function write(name, content) {
  fs.mkdirSync(path.dirname(path.join(scratch, name)), { recursive: true });
  fs.writeFileSync(
    path.join(scratch, name),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
  return name;
}

/** @param {string} name */
const service = name => ({
  apiVersion: 'serving.kserve.io/v1beta1',
  kind: 'InferenceService',
  metadata: { name, namespace: 'team-a' },
  status: {
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      },
    ],
  },
});
const POD = 'churn-predictor-7c9d8f6b5-x2x4z';
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: POD,
    namespace: 'team-a',
    labels: { 'serving.kserve.io/inferenceservice': 'churn' },
  },
  spec: { nodeName: 'node-1' },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'kserve-container',
        ready: false,
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      },
    ],
  },
};
const list = write('list.json', {
  kind: 'List',
  items: [service('churn'), pod],
});
write(
  `logs/${POD}_kserve-container.txt`,
  "ImportError: No module named 'lightgbm'\n",
);

describe('serving explain', () => {
  test('names the cause with the line of the log that proves it, as JSON and for people', async () => {
    const asked = ['explain', list, '--name', 'team-a/churn', '--logs', 'logs'];
    const { code, stdout, stderr } = await serving([...asked, '--json']);
    assert.equal(code, 0, stderr);
    const answer = JSON.parse(stdout);
    assert.equal(answer.state, 'degraded');
    assert.match(answer.sentence, /module/);
    assert.deepEqual(answer.evidence[0], {
      source: `Pod team-a/${POD} · kserve-container log`,
      quote: "ImportError: No module named 'lightgbm'",
    });
    assert.equal(answer.traffic, null);
    const text = await serving(asked);
    assert.match(text.stdout, /^team-a\/churn: degraded\n/);
    assert.match(text.stdout, /No module named 'lightgbm'/);
  });

  test('reads YAML with several documents and takes the only service', async () => {
    const file = write(
      'all.yaml',
      `apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn, namespace: team-a, annotations: { serving.kserve.io/stop: 'true' } }
status:
  conditions:
  - { type: Ready, status: 'False', reason: Stopped }
  - { type: Stopped, status: 'True' }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: other, namespace: team-a }
`,
    );
    const { code, stdout } = await serving(['explain', file, '--json']);
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).state, 'stopped');
  });

  for (const [what, args, expected] of /** @type {const} */ ([
    ['no FILE', ['explain'], /needs FILE/],
    [
      'a FILE that is not there',
      ['explain', 'no.json'],
      /FILE no\.json cannot be read/,
    ],
    [
      'a FILE that is neither JSON nor YAML',
      ['explain', write('bad.json', '{"a": [}')],
      /neither JSON nor YAML/,
    ],
    [
      'items that are no list',
      ['explain', write('items.json', { items: 3 })],
      /FILE\.items must be a list/,
    ],
    [
      'an item that is no object',
      ['explain', write('item.json', { items: [service('a'), 7] })],
      /FILE\.items\[1\]\.kind is missing/,
    ],
    [
      'a name of another form',
      ['explain', list, '--name', 'churn'],
      /--name must be NAMESPACE\/NAME, not "churn"/,
    ],
    [
      'a name that is not there',
      ['explain', list, '--name', 'team-a/x'],
      /no InferenceService.* team-a\/x. FILE has team-a\/churn/,
    ],
    [
      'two services and no name',
      ['explain', write('two.json', { items: [service('a'), service('b')] })],
      /--name NAMESPACE\/NAME must say .* team-a\/a, team-a\/b/,
    ],
    [
      'logs that are no folder',
      ['explain', list, '--logs', 'list.json'],
      /--logs list\.json must be a folder/,
    ],
    ['an option that does not exist', ['explain', list, '--foo'], /--foo/],
    ['another command', ['tell'], /no command "tell"/],
  ])) {
    test(`refuses ${what}`, async () => {
      const { code, stdout, stderr } = await serving([...args]);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, expected);
    });
  }

  test('says how it is used', async () => {
    const { code, stdout } = await serving(['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /explain FILE/);
  });
});
