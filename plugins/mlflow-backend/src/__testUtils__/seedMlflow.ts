// SPDX-License-Identifier: Apache-2.0

/** Writes to a real MLflow server over its REST API. */
export function createSeeder(url: string) {
  const post = async (path: string, body: unknown, version = '2.0') => {
    const response = await fetch(`${url}/api/${version}/mlflow/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    }
    return response.json();
  };
  const toList = (values: Record<string, unknown> = {}) =>
    Object.entries(values).map(([key, value]) => ({ key, value }));

  return {
    /** Any other call of MLflow's REST API. */
    post,
    async experiment(name: string): Promise<string> {
      return (await post('experiments/create', { name })).experiment_id;
    },
    async deleteExperiment(experimentId: string) {
      await post('experiments/delete', { experiment_id: experimentId });
    },
    async run(
      experimentId: string,
      run: {
        name: string;
        startTime: number;
        status?: 'FINISHED' | 'FAILED' | 'RUNNING';
        metrics?: Record<string, number | string>;
        params?: Record<string, string>;
        tags?: Record<string, string>;
        dataset?: { name: string; digest: string };
      },
    ): Promise<string> {
      const created = await post('runs/create', {
        experiment_id: experimentId,
        run_name: run.name,
        start_time: run.startTime,
        tags: toList(run.tags),
      });
      const { run_id } = created.run.info;
      await post('runs/log-batch', {
        run_id,
        metrics: toList(run.metrics).map(metric => ({
          ...metric,
          timestamp: run.startTime,
          step: 0,
        })),
        params: toList(run.params),
      });
      if (run.dataset) {
        await post('runs/log-inputs', {
          run_id,
          datasets: [
            {
              tags: [{ key: 'mlflow.data.context', value: 'training' }],
              dataset: { ...run.dataset, source_type: 'code', source: '{}' },
            },
          ],
        });
      }
      if (run.status !== 'RUNNING') {
        await post('runs/update', {
          run_id,
          status: run.status ?? 'FINISHED',
          end_time: run.startTime + 5_000,
        });
      }
      return run_id;
    },
    async registeredModel(name: string) {
      await post('registered-models/create', { name });
    },
    /** Says whose an experiment is. */
    async markExperiment(experimentId: string, value: string) {
      await post('experiments/set-experiment-tag', {
        experiment_id: experimentId,
        key: 'greenroom.component',
        value,
      });
    },
    /** Says whose a registered model is. */
    async markRegisteredModel(name: string, value: string) {
      await post('registered-models/set-tag', {
        name,
        key: 'greenroom.component',
        value,
      });
    },
    async modelVersion(
      name: string,
      runId?: string,
      tags: Record<string, string> = {},
      source = 's3://models/m-1',
    ): Promise<string> {
      const created = await post('model-versions/create', {
        name,
        source,
        run_id: runId,
        tags: toList(tags),
      });
      return created.model_version.version;
    },
    /** Keeps a file as an artifact of a run. */
    async artifact(
      run: { experimentId: string; runId: string },
      name: string,
      content: unknown,
    ) {
      const folder = `${run.experimentId}/${run.runId}/artifacts`;
      const response = await fetch(
        `${url}/api/2.0/mlflow-artifacts/artifacts/${folder}/${name}`,
        { method: 'PUT', body: JSON.stringify(content) },
      );
      if (!response.ok) {
        throw new Error(`artifact: ${response.status}`);
      }
    },
    /** Keeps an input example as logging a model does; answers the model's address. */
    async inputExample(
      run: { experimentId: string; runId: string },
      example: unknown,
    ): Promise<string> {
      const folder = `${run.experimentId}/${run.runId}/artifacts/model`;
      const response = await fetch(
        `${url}/api/2.0/mlflow-artifacts/artifacts/${folder}/input_example.json`,
        { method: 'PUT', body: JSON.stringify(example) },
      );
      if (!response.ok) {
        throw new Error(`input example: ${response.status}`);
      }
      return `mlflow-artifacts:/${folder}`;
    },
    async alias(name: string, alias: string, version: string) {
      await post('registered-models/alias', { name, alias, version });
    },
  };
}
