// SPDX-License-Identifier: Apache-2.0

/**
 * Logs an experiment with one finished run, and registers its model as champion, over MLflow's
 * REST API.
 *
 * @param {string} mlflowUrl
 * @param {string} name
 */
export async function logModel(mlflowUrl, name) {
  /**
   * @param {string} call
   * @param {object} body
   */
  const post = async (call, body) => {
    const response = await fetch(`${mlflowUrl}/api/2.0/mlflow/${call}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${call}: ${response.status} ${await response.text()}`);
    }
    return response.json();
  };
  const { experiment_id } = await post('experiments/create', { name });
  const now = Date.now();
  const { run } = await post('runs/create', {
    experiment_id,
    run_name: 'first',
    start_time: now,
  });
  const { run_id } = run.info;
  await post('runs/log-metric', {
    run_id,
    key: 'accuracy',
    value: 0.97,
    timestamp: now,
  });
  await post('runs/update', { run_id, status: 'FINISHED', end_time: now });
  await post('registered-models/create', { name });
  const { model_version } = await post('model-versions/create', {
    name,
    source: `${run.info.artifact_uri}/model`,
    run_id,
  });
  await post('registered-models/alias', {
    name,
    alias: 'champion',
    version: model_version.version,
  });
}
