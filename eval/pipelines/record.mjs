// SPDX-License-Identifier: Apache-2.0

// Records real logs of failed pipelines: renders our templates, pushes them to forge,
// plants one fault after the other and keeps what forge's runner says of each run.
//
//   node --import tsx eval/pipelines/record.mjs [CASE ...]
//   node --import tsx eval/pipelines/record.mjs --label     only writes labels.json anew
//
// A case is named as in faults/; without names all are recorded, which takes an hour of
// two cores. README.md says what is in cases/.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startForge, startMlflow } from '@greenroom/local-platform/testing';
import prettier from 'prettier';
import {
  infraManifests,
  infraManifestsFaults,
} from './faults/infraManifests.mjs';
import { modelService, modelServiceFaults } from './faults/modelService.mjs';
import {
  changedFiles,
  champion,
  commitsSince,
  durations,
  modelRun,
  runFacts,
} from './lib/facts.mjs';
import { label } from './lib/label.mjs';
import { neutralize, replaceAll } from './lib/neutralize.mjs';
import { startOsv } from './lib/startOsv.mjs';
import { Workbench } from './lib/Workbench.mjs';

const CASES = path.join(import.meta.dirname, 'cases');
/** Artifacts that are no reports. */
const NO_REPORT = /^(?:model|image-.*)$/;
const KINDS = [
  { kind: modelService, faults: modelServiceFaults },
  { kind: infraManifests, faults: infraManifestsFaults },
];

const [first, ...rest] = process.argv.slice(2);
if (first === '--label') {
  await labelAll();
} else {
  await recordAll(new Set([first, ...rest].filter(Boolean)));
}
process.exit();

async function labelAll() {
  for (const fault of KINDS.flatMap(({ faults }) => faults)) {
    const folder = path.join(CASES, fault.name);
    if (fs.existsSync(folder)) {
      const archive = fs.readFileSync(path.join(folder, 'failed.zip'));
      await write(folder, 'labels.json', await label(fault, archive));
    }
  }
}

async function recordAll(names) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-record-'));
  const [forge, mlflow, osv] = await Promise.all([
    startForge({ dataDir: path.join(folder, 'home') }),
    startMlflow(),
    startOsv(),
  ]);
  try {
    for (const { kind, faults } of KINDS) {
      const wanted = faults.filter(
        ({ name }) => names.size === 0 || names.has(name),
      );
      if (wanted.length > 0) {
        await recordFaults({
          forge,
          mlflow,
          osv,
          folder,
          kind,
          faults: wanted,
        });
      }
    }
  } finally {
    await Promise.all([forge.stop(), mlflow.stop(), osv.stop()]);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function recordFaults({ forge, mlflow, osv, folder, kind, faults }) {
  const tree = path.join(folder, kind.template);
  const bench = new Workbench(forge, tree, kind);
  const variables = { MLFLOW_TRACKING_URI: mlflow.url };
  const green = await ended(bench, await bench.create(variables));
  if (green.run.conclusion !== 'success') {
    keep(bench, green, path.join(CASES, `${kind.template}-green`));
    throw new Error(
      `The first run of ${kind.template} is no green one: ${green.run.conclusion}`,
    );
  }
  const greenSha = bench.git('rev-parse', 'HEAD');
  for (const fault of faults) {
    log(`${fault.name} …`);
    try {
      await setVariables(bench, fault.variables ?? {});
      const failed = await fail(bench, greenSha, fault, { osvUrl: osv.url });
      if (failed.run.conclusion === 'success') {
        throw new Error('the pipeline is green all the same');
      }
      await save({ bench, fault, green, greenSha, failed, mlflow });
      log(`${fault.name}: ${failed.run.conclusion}`);
    } catch (error) {
      log(`${fault.name}: ${error.stack ?? error}`);
      process.exitCode = 1;
    } finally {
      await setVariables(bench, fault.variables ? variables : {});
    }
  }
}

async function setVariables(bench, variables) {
  for (const [name, value] of Object.entries(variables)) {
    await bench.api(
      `/repos/${bench.slug}/actions/variables/${name}`,
      { name, value },
      'PATCH',
    );
  }
}

/** Three commits on the green one, of which the second is at fault. */
async function fail(bench, greenSha, fault, services) {
  bench.git('reset', '--quiet', '--hard', greenSha);
  bench.edit('docs/notes.md', () => '# Notes\n\nWhat we have learnt.\n');
  bench.commit('Keep notes');
  fault.change(bench, services);
  bench.commit(fault.message);
  bench.edit('docs/notes.md', text => `${text}\nTo be continued.\n`);
  bench.commit('More notes');
  const run = await bench.push();
  await fault.act?.(bench, run);
  return ended(bench, run);
}

async function ended(bench, started) {
  const run = await bench.completed(started);
  return {
    run,
    jobs: await bench.jobs(run),
    logs: await bench.logs(run),
    artifacts: await bench.artifacts(run),
    sha: bench.git('rev-parse', 'HEAD'),
  };
}

async function save({ bench, fault, green, greenSha, failed, mlflow }) {
  const folder = path.join(CASES, fault.name);
  fs.rmSync(folder, { recursive: true, force: true });
  const words = machineWords();
  const archive = await neutralize(failed.logs, words);
  fs.mkdirSync(path.join(folder, 'reports'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'failed.zip'), archive);
  fs.writeFileSync(
    path.join(folder, 'green.zip'),
    await neutralize(green.logs, words),
  );
  for (const [name, content] of failed.artifacts) {
    if (!NO_REPORT.test(name)) {
      fs.writeFileSync(
        path.join(folder, 'reports', `${name}.zip`),
        await neutralize(content, words),
      );
    }
  }
  await write(folder, 'facts.json', {
    incident: {
      repository: bench.slug,
      workflow: failed.run.name,
      run: {
        id: String(failed.run.id),
        attempt: failed.run.run_attempt,
        branch: failed.run.head_branch,
        commit: failed.sha,
      },
    },
    facts: runFacts(failed.run, failed.jobs),
    compare: {
      commits: commitsSince(bench, greenSha),
      failed: snapshot(bench, failed, greenSha),
      green: snapshot(bench, green, failed.sha),
      ...(fault.type === 'gate' && (await modelRuns(mlflow, bench))),
    },
    suspect: fault.variables ? null : fault.message,
  });
  await write(folder, 'labels.json', await label(fault, archive));
}

function snapshot(bench, { sha, jobs }, other) {
  return {
    commit: sha,
    files: changedFiles(bench, sha, other),
    durations: durations(jobs),
  };
}

async function modelRuns(mlflow, bench) {
  const response = await fetch(
    `${mlflow.url}/api/2.0/mlflow/experiments/search?max_results=50`,
  );
  const { experiments } = await response.json();
  const search = await fetch(`${mlflow.url}/api/2.0/mlflow/runs/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      experiment_ids: experiments
        .filter(({ name }) => name === bench.name)
        .map(({ experiment_id: id }) => id),
      max_results: 1,
      order_by: ['attributes.start_time DESC'],
    }),
  });
  const { runs } = await search.json();
  const best = await champion(mlflow.url, bench.name);
  return {
    candidate: await modelRun(mlflow.url, runs[0].info.run_id),
    champion: await modelRun(mlflow.url, best.run_id, best.version),
  };
}

/** Words of this machine and what stands for them on a runner of GitHub's. */
function machineWords() {
  const cache = path.join(
    path.resolve(import.meta.dirname, '..', '..'),
    '.greenroom',
    'cache',
  );
  return [
    [cache, '/opt/hostedtoolcache'],
    [os.tmpdir(), '/home/runner/work/_temp'],
    [os.homedir(), '/home/runner'],
  ];
}

function keep(bench, { logs }, folder) {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'not-green.zip'), logs);
}

async function write(folder, name, value) {
  const text = replaceAll(JSON.stringify(value), machineWords())
    // The token that is planted for gitleaks is nobody's; scanners do not know that.
    .replace(/ghp_[A-Za-z0-9]{36}/g, 'ghp_(36 characters)');
  const file = path.join(folder, name);
  const config = await prettier.resolveConfig(file);
  fs.writeFileSync(
    file,
    await prettier.format(text, { ...config, filepath: file }),
  );
}

function log(text) {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
