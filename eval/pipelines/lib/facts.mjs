// SPDX-License-Identifier: Apache-2.0

/** Files whose text tells what changed around the code. */
const SNAPSHOT =
  /^(?:\.github\/.*\.ya?ml|.*\.lock|.*\.toml|tools\/tools\.txt)$/;

/** What GitHub's API says of a run: `RunFacts` of triage-engine. */
export function runFacts(run, jobs) {
  return {
    conclusion: run.conclusion,
    jobs: jobs.map(({ name, conclusion, steps }) => ({
      name,
      conclusion,
      steps: steps?.map(step => ({
        number: step.number,
        name: step.name,
        conclusion: step.conclusion,
      })),
    })),
  };
}

/** Seconds by job, and by `job / step`. */
export function durations(jobs) {
  const seconds = ({ started_at: from, completed_at: to }) =>
    from && to ? (Date.parse(to) - Date.parse(from)) / 1000 : undefined;
  const result = {};
  for (const job of jobs) {
    result[job.name] = seconds(job);
    for (const step of job.steps ?? []) {
      result[`${job.name} / ${step.name}`] = seconds(step);
    }
  }
  return Object.fromEntries(
    Object.entries(result).filter(([, value]) => value !== undefined),
  );
}

/** The commits after `from`, the newest last, in the form of GitHub's compare API. */
export function commitsSince(workbench, from) {
  const shas = workbench
    .git('rev-list', '--reverse', `${from}..HEAD`)
    .split('\n')
    .filter(Boolean);
  return shas.map(sha => ({
    sha,
    message: workbench.git('show', '-s', '--format=%B', sha).trim(),
    author: workbench.git('show', '-s', '--format=%an', sha),
    files: workbench
      .git('diff-tree', '-r', '--no-commit-id', '--name-status', sha)
      .split('\n')
      .map(row => {
        const [letter, path] = row.split('\t');
        const status = { A: 'added', D: 'removed' }[letter] ?? 'modified';
        const diff = workbench.git('show', '--format=', sha, '--', path);
        const hunks = diff.indexOf('\n@@');
        return {
          path,
          status,
          ...(hunks >= 0 && { patch: diff.slice(hunks + 1) }),
        };
      }),
  }));
}

/** Workflow and lock files that are not the same in both commits, at one of them. */
export function changedFiles(workbench, sha, other) {
  const names = workbench
    .git('diff', '--name-only', other, sha)
    .split('\n')
    .filter(name => SNAPSHOT.test(name));
  const files = {};
  for (const name of names) {
    try {
      files[name] = workbench
        .git('show', `${sha}:${name}`)
        // Most of a lock file, and never what is compared.
        .replace(/ \\\n +--hash=\S+/g, '');
    } catch {
      // Not there at this commit.
    }
  }
  return files;
}

/** An MLflow run, as `ModelRunSnapshot` of triage-engine. */
export async function modelRun(mlflowUrl, runId, version) {
  const { run } = await get(mlflowUrl, `runs/get?run_id=${runId}`);
  const pairs = list =>
    Object.fromEntries((list ?? []).map(({ key, value }) => [key, value]));
  const dataset = run.inputs?.dataset_inputs?.find(({ tags }) =>
    tags?.some(({ value }) => value === 'training'),
  );
  return {
    ...(version && { version }),
    params: pairs(run.data.params),
    metrics: pairs(run.data.metrics),
    ...(dataset && { dataDigest: dataset.dataset.digest }),
    libraries: {},
  };
}

/** The version of a model with the alias `champion`. */
export async function champion(mlflowUrl, model) {
  const { model_version: version } = await get(
    mlflowUrl,
    `registered-models/alias?name=${model}&alias=champion`,
  );
  return version;
}

async function get(mlflowUrl, route) {
  const response = await fetch(`${mlflowUrl}/api/2.0/mlflow/${route}`);
  if (!response.ok) {
    throw new Error(`${route}: ${response.status} ${await response.text()}`);
  }
  return response.json();
}
