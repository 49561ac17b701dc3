// SPDX-License-Identifier: Apache-2.0

// Every framework, format and task, trained for real: rendered by the scaffolder's
// engine, trained against a real MLflow, then served. Four of them are pushed to forge
// and run by its runner, and meet noise and broken tables; with --all, as every night,
// all sixteen are.
//
//   npm test -- models
//   npm test -- models --all
//   GREENROOM_MODELS=pytorch npm test -- models   those whose name holds the text
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startForge, startMlflow } from '@greenroom/local-platform/testing';
import { listTrainedModels } from './lib/trainedModels.mjs';
import { renderAll, TrainedRepository } from './lib/TrainedRepository.mjs';

const wanted = process.env.GREENROOM_MODELS ?? '';
const isWhole = process.env.GREENROOM_TEST_ALL === 'true';
// The long ones first, so that none of them is left alone at the end.
const models = listTrainedModels()
  .map(model => ({ ...model, wholePipeline: isWhole || model.wholePipeline }))
  .filter(({ name }) => name.includes(wanted))
  .sort((a, b) => Number(b.wholePipeline) - Number(a.wholePipeline));

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-models-'));
/** @type {import('./lib/TrainedRepository.mjs').Platform} */
let platform;

before(
  async () => {
    const [forge, mlflow] = await Promise.all([startForge(), startMlflow()]);
    platform = { forge, mlflow, folder };
    await renderAll(models, platform);
  },
  { timeout: 20 * 60_000 },
);

after(
  async () => {
    await Promise.all([platform?.forge.stop(), platform?.mlflow.stop()]);
    fs.rmSync(folder, { recursive: true, force: true });
  },
  { timeout: 60_000 },
);

describe('models', { concurrency: 2 }, () => {
  for (const model of models) {
    test(model.name, { timeout: 20 * 60_000 }, async t => {
      const repository = new TrainedRepository(platform, model);

      const assertRegistered = async (/** @type {string} */ sha) => {
        const version = await repository.modelVersion(1);
        assert.equal(version.status, 'READY');
        assert.deepEqual(version.aliases, ['champion']);
        assert.equal(version.tags['greenroom.git.sha'], sha);
      };

      if (model.wholePipeline) {
        await t.test(
          'the pipeline trains, gates and registers it',
          async () => {
            const { run, jobs, log } = await repository.create();
            assert.equal(run.conclusion, 'success', log);
            for (const stage of [
              'Check',
              'Security',
              'Train',
              'Gate',
              'Register',
            ]) {
              assert.equal(jobs.get(stage), 'success', `${stage}\n${log}`);
            }
            await assertRegistered(run.head_sha);
          },
        );
      } else {
        await t.test('make trains, gates and registers it', async () => {
          const { sha, status, output } = await repository.trainHere();
          assert.equal(status, 0, output);
          await assertRegistered(sha);
        });
      }

      // What a pull request goes through is the same for all of the models.
      if (model.name === 'scikit-learn-native-classification') {
        await t.test('a pull request of documents trains nothing', async () => {
          const { run, jobs, log, comments } = await repository.propose(
            'documents',
            'README.md',
            text => `${text}\nA sentence more.\n`,
          );
          assert.equal(run.conclusion, 'success', log);
          assert.equal(jobs.get('Train and gate'), 'skipped', log);
          assert.equal(jobs.get('Check'), 'success', log);
          assert.equal(jobs.get('CI passed'), 'success', log);
          assert.deepEqual(comments, []);
        });

        await t.test(
          'a pull request of the model is trained, judged and commented, once',
          async () => {
            const proposed = await repository.propose(
              'more-trees',
              'config.yaml',
              text =>
                text.replace('parameters: {}', 'parameters: {max_depth: 6}'),
            );
            const { run, jobs, log, comments } = proposed;
            assert.equal(run.conclusion, 'success', log);
            assert.equal(jobs.get('Train and gate'), 'success', log);
            assert.equal(jobs.get('Comment'), 'success', log);
            assert.equal(jobs.get('Register'), 'skipped', log);
            assert.equal(comments.length, 1, log);
            const [{ body, user }] = comments;
            assert.equal(user.login, 'github-actions[bot]');
            assert.match(body, /^<!-- greenroom-gate -->\n### The gate: /);
            assert.match(
              body,
              /\| this model, .*\| [\d.]+ \([\d.]+ to [\d.]+\) \|/,
            );
            assert.match(
              body,
              /\| champion v1, on the same rows \| [\d.]+; this/,
            );
            assert.equal(await repository.countVersions(), 1);

            // The same branch again, which now lowers the gate, too.
            const lowered = await repository.propose(
              'more-trees',
              'config.yaml',
              text => text.replace(/threshold: .*/, 'threshold: 0.1'),
            );
            assert.equal(lowered.run.conclusion, 'failure', lowered.log);
            assert.equal(lowered.jobs.get('Security'), 'failure', lowered.log);
            assert.match(
              lowered.log,
              /makes the gate easier .*gate\.threshold is 0\.1.*nobody has set the label gate-lowered/,
            );
            assert.equal(lowered.comments.length, 1, lowered.log);
            assert.notEqual(lowered.comments[0].body, body);
            assert.match(lowered.comments[0].body, /\| threshold \| ≥ 0\.1 \|/);
            assert.equal(await repository.countVersions(), 1);
          },
        );
      }

      await t.test('the server answers what the model predicts', async () => {
        await repository.serve();
      });

      // A gate and a reader of tables know neither framework nor format, so that those of
      // the four stand for all.
      if (!model.wholePipeline) {
        return;
      }

      await t.test(
        'the gate refuses a model that has learned noise',
        async () => {
          const { status, output } = await repository.trainOnNoise();
          assert.notEqual(status, 0, output);
          assert.match(
            output,
            /Gate FAILED: \w+ -?[\d.]+ < [\d.]+ \(threshold\)/,
          );
          assert.match(output, /champion \S+ v1/);
        },
      );

      const { csv } = model;
      if (csv) {
        await t.test(
          'a broken table is refused, by row and column',
          async () => {
            const { status, output } = await repository.trainOnBrokenTable(
              csv.broken,
            );
            assert.notEqual(status, 0, output);
            assert.match(output, csv.refusal);
          },
        );
      }
    });
  }
});
