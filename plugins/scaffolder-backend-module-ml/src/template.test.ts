// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JsonObject } from '@backstage/types';
import {
  getPythonEnvironment,
  startForge,
  startMlflow,
  type TestForge,
  type TestMlflow,
} from '@greenroom/local-platform/testing';
import {
  BUNDLED_DATASETS,
  CHOICE_OPTIONS,
  CSV_DATASET,
  GATE_METRICS,
  resolveChoices,
  type ChoicesInput,
} from '@greenroom/plugin-scaffolder-ml-common';
import { parse } from 'yaml';
import {
  parsePythonAndToml,
  parseYamlAndJson,
  render as renderWith,
  writeFiles,
  type RenderedFiles,
} from './__testUtils__/renderedRepository';
import { startPortal, TEMPLATE_DIR } from './__testUtils__/startPortal';
import { startProxy } from './__testUtils__/startProxy';

jest.setTimeout(120_000);

const template = parse(
  fs.readFileSync(path.join(TEMPLATE_DIR, 'template.yaml'), 'utf8'),
);

let forge: TestForge;
let mlflow: TestMlflow;
let proxy: Awaited<ReturnType<typeof startProxy>>;
let portal: Awaited<ReturnType<typeof startPortal>>;
let python: string;

beforeAll(async () => {
  python = await getPythonEnvironment();
  [forge, mlflow] = await Promise.all([
    // Without a job the runner only keeps variables and runs: what the pipeline
    // does is another test's matter.
    startForge({ maxJobs: 0 }),
    startMlflow(),
  ]);
  proxy = await startProxy(forge.url);
  portal = await startPortal({
    github: {
      host: forge.host,
      apiBaseUrl: `${proxy.url}/api/v3`,
      token: forge.token,
    },
    mlflow: [{ name: 'local', baseUrl: mlflow.url }],
  });
}, 300_000);

afterAll(async () => {
  await portal?.stop();
  await Promise.all([proxy?.stop(), forge?.stop(), mlflow?.stop()]);
});

afterEach(() => proxy.mend());

const values = (name: string, changes: JsonObject = {}): JsonObject => ({
  name,
  description: 'Predicts whether a tumour is malignant.',
  owner: 'group:default/fraud-team',
  data: { dataset: 'breast_cancer', target: 'target', task: 'classification' },
  gate: { metric: 'accuracy', threshold: 0.9 },
  repository: { host: forge.host, owner: 'greenroom-demo' },
  ...changes,
});

const render = (input: JsonObject) => renderWith(portal, input, template);

/**
 * What the files of a component's repository are called, without those in
 * folders that depend on the choices: the matrix has the exact sets.
 */
const expectedFiles = (packageName: string, choices: ChoicesInput = {}) => {
  const { model, delivery } = resolveChoices(choices);
  const onnx = model.format === 'onnx';
  return [
    'skeleton',
    `frameworks/${model.framework}`,
    `requirements/${model.framework}${onnx ? '-onnx' : ''}${delivery.serving === 'storage-uri' ? '-runtime' : ''}`,
    ...(onnx ? ['requirements/onnx-server'] : []),
    `serving/${delivery.serving}`,
    ...(delivery.driftMonitor ? ['options/drift'] : []),
    `access/${delivery.mlflowAccess}`,
    ...(delivery.canary === 'none' ? [] : [`canary/${delivery.canary}`]),
  ]
    .map(folder => path.join(TEMPLATE_DIR, folder))
    .flatMap(folder =>
      fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile() && !/_cache/.test(entry.parentPath))
        .map(entry =>
          path
            .relative(folder, path.join(entry.parentPath, entry.name))
            .replace('${{ values.packageName }}', packageName)
            .replace(/\.njk$/, ''),
        ),
    )
    .filter(file => !file.includes('${{'));
};

/** What the skeleton is rendered with for the values of a form. */
const skeletonValues = (input: JsonObject): JsonObject => {
  const { name, description, owner, data, gate } = input;
  const { dataset, target, task } = data as JsonObject;
  const { metric, threshold } = gate as JsonObject;
  return {
    name,
    packageName: String(name).replace(/-/g, '_'),
    description,
    owner,
    dataset,
    csvFile: `data/${name}.csv`,
    target,
    task,
    metric,
    direction: metric === 'rmse' ? 'minimize' : 'maximize',
    threshold,
    framework: 'scikit-learn',
    format: 'native',
    serving: 'image',
    registry: 'ghcr',
    image: `ghcr.io/greenroom-demo/${name}`,
    mlflowAccess: 'token',
    environments: ['dev', 'prod'],
    canary: 'none',
    driftMonitor: true,
    gpu: false,
    manifestsRepository: 'greenroom-demo/infra-manifests',
    team: 'fraud-team',
    experimentName: name,
    registeredModel: name,
    mlflowInstance: 'local',
    repoOwner: 'greenroom-demo',
    repoName: name,
    // What a dry run calls the template.
    templateRef: 'template:default/dry-run',
    templateVersion:
      template.metadata.annotations['greenroom.dev/template-version'],
  };
};

/**
 * Parses what the repository's own tools will parse, and holds the repository
 * against the template's own promises; answers pyproject.toml.
 */
const parseAll = async (
  files: RenderedFiles,
  input: JsonObject,
): Promise<{ project: JsonObject }> => {
  parseYamlAndJson(files);
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-rendered-'));
  const dir = path.join(root, 'repository');
  try {
    writeFiles(files, dir);
    const [{ project }] = await parsePythonAndToml(python, [dir]);
    fs.writeFileSync(
      path.join(root, 'values.json'),
      JSON.stringify(skeletonValues(input)),
    );
    execFileSync(
      python,
      ['-B', path.join(TEMPLATE_DIR, 'tests', 'test_rendered_repository.py')],
      {
        env: {
          ...process.env,
          REPOSITORY: dir,
          VALUES: path.join(root, 'values.json'),
        },
        stdio: 'pipe',
        encoding: 'utf8',
      },
    );
    return { project: project as JsonObject };
  } finally {
    fs.rmSync(root, { recursive: true });
  }
};

const github = async (
  route: string,
  options: { method?: string; body?: unknown } = {},
) => {
  const response = await fetch(`${forge.apiUrl}${route}`, {
    method: options.method,
    headers: {
      authorization: `Bearer ${forge.token}`,
      'content-type': 'application/json',
    },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
  });
  const text = await response.text();
  return { status: response.status, body: text && JSON.parse(text) };
};

const mlflowCall = async (route: string, body?: unknown) => {
  const response = await fetch(`${mlflow.url}/api/2.0/mlflow/${route}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json' },
    body: body ? JSON.stringify(body) : undefined,
  });
  return { status: response.status, body: await response.json() };
};

/** Everything outside that a run makes, for comparing two moments. */
const stateOf = async (name: string) => {
  const [commits, variable, experiment, locations] = await Promise.all([
    github(`/repos/greenroom-demo/${name}/commits`),
    github(
      `/repos/greenroom-demo/${name}/actions/variables/MLFLOW_TRACKING_URI`,
    ),
    mlflowCall(`experiments/get-by-name?experiment_name=${name}`),
    portal.call('catalog/locations'),
  ]);
  return {
    commits:
      commits.status === 200
        ? commits.body.map((commit: { sha: string }) => commit.sha)
        : [],
    trackingUri: variable.body.value,
    experiment: experiment.body.experiment?.experiment_id,
    locations: locations.body
      .map((location: { data: { target: string } }) => location.data.target)
      .filter((target: string) => target.includes(`/${name}/`)),
  };
};

const table = (target: string) =>
  [
    `age,${JSON.stringify(target).replaceAll('\\"', '""')}`,
    ...Array.from(
      { length: 60 },
      (_, i) => `${(i * 7) % 45},${i % 2 ? 'yes' : 'no'}`,
    ),
  ].join('\n');

describe('what it renders', () => {
  it('knows the data sets, metrics and actions that the code knows', async () => {
    const { data, gate, model, delivery } = Object.assign(
      {},
      ...template.spec.parameters.map(
        (page: { properties: object }) => page.properties,
      ),
    );
    expect(data.properties.dataset.enum).toEqual([
      ...BUNDLED_DATASETS.map(({ name }) => name),
      CSV_DATASET,
    ]);
    const { metric } = gate.properties;
    expect(metric.enum).toEqual(GATE_METRICS.map(({ name }) => name));
    expect(metric.enumNames).toEqual(GATE_METRICS.map(({ title }) => title));
    const properties = { ...model.properties, ...delivery.properties };
    for (const [choice, options] of Object.entries({
      ...CHOICE_OPTIONS.model,
      ...CHOICE_OPTIONS.delivery,
    })) {
      expect(properties[choice].enum).toEqual(Object.keys(options));
      expect(properties[choice].enumNames).toEqual(
        Object.values(options).map(({ title }) => title),
      );
    }
    // Of what has one whatever else is chosen.
    const defaults = resolveChoices({ delivery: { serving: 'storage-uri' } });
    for (const [name, value] of Object.entries({
      ...defaults.model,
      ...defaults.delivery,
      serving: 'image',
      driftMonitor: undefined,
    })) {
      expect([name, properties[name].default]).toEqual([name, value]);
    }
    const { body: actions } = await portal.call('scaffolder/v2/actions');
    const known = actions.map(({ id }: { id: string }) => id);
    for (const { action } of template.spec.steps) {
      expect(known).toContain(action);
    }
  });

  it.each([
    ...BUNDLED_DATASETS.map(
      ({ name, task, target, thresholds }) =>
        [
          name,
          { dataset: name, target, task },
          {
            metric: Object.keys(thresholds)[0],
            threshold: Object.values(thresholds)[0],
          },
        ] as const,
    ),
    [
      'a table of the owner',
      {
        dataset: 'csv',
        target: 'churned',
        task: 'classification',
        csvName: 'churn.csv',
        csvUpload: `data:text/csv;base64,${Buffer.from(
          table('churned'),
        ).toString('base64')}`,
      },
      { metric: 'roc_auc', threshold: 0.8 },
    ] as const,
  ])('is a whole repository for %s', async (_, data, gate) => {
    const input = values('whole-model', { data, gate });
    const files = await render(input);
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([
        ...expectedFiles('whole_model'),
        '.greenroom/template.json',
        ...(data.dataset === 'csv' ? ['data/whole-model.csv'] : []),
      ]),
    );
    const unrendered = [...files]
      // These are copied as they are, and may hold such texts.
      .filter(
        ([file]) => !/^(?:\.github\/actions\/triage\/dist|vendor)\//.test(file),
      )
      .filter(([, content]) =>
        /\$\{\{ *(values|parameters)\b|\{%|\[object Object\]/.test(content),
      )
      .map(([file]) => file);
    expect(unrendered).toEqual([]);
    const { project } = await parseAll(files, input);
    expect(project.name).toBe('whole-model');
    const config = parse(files.get('config.yaml') ?? '');
    expect(config).toMatchObject({
      data:
        data.dataset === 'csv'
          ? { target: 'churned' }
          : { dataset: data.dataset },
      model: { task: data.task },
      gate,
    });
    // GitHub's expressions are GitHub's to evaluate.
    expect(files.get('.github/workflows/ci.yml')).toContain('${{ ');
  });
});

describe('what it makes', () => {
  it('a repository, an experiment and a component, and the same again', async () => {
    const first = await portal.run(
      values('made-model', { system: 'system:default/decisions' }),
    );
    expect(first.error ?? first.status).toBe('completed');
    const url = `${forge.url}/greenroom-demo/made-model`;
    expect(first.log.join('\n')).toContain(
      `There is no ${forge.url}/greenroom-demo/infra-manifests yet`,
    );
    const experiment = (
      await mlflowCall('experiments/get-by-name?experiment_name=made-model')
    ).body.experiment;
    expect(first.output.links).toEqual([
      expect.objectContaining({ entityRef: 'component:default/made-model' }),
      expect.objectContaining({ url }),
      expect.objectContaining({ url: `${url}/actions` }),
      expect.objectContaining({
        url: `${mlflow.url}/#/experiments/${experiment.experiment_id}`,
      }),
    ]);
    expect(experiment.tags).toEqual(
      expect.arrayContaining([
        { key: 'greenroom.component', value: 'component:default/made-model' },
      ]),
    );
    const repository = (await github('/repos/greenroom-demo/made-model')).body;
    expect(repository).toMatchObject({
      description: 'Predicts whether a tumour is malignant.',
      homepage: 'http://localhost:3000/catalog/default/component/made-model',
      default_branch: 'main',
      private: true,
    });
    const tree = (
      await github(
        '/repos/greenroom-demo/made-model/git/trees/main?recursive=1',
      )
    ).body.tree
      .filter((entry: { type: string }) => entry.type === 'blob')
      .map((entry: { path: string }) => entry.path);
    const rendered = await render(values('rendered-model'));
    expect(tree.sort()).toEqual(
      [...rendered.keys()]
        .map(file => file.replace('rendered_model', 'made_model'))
        .sort(),
    );
    const entity = await portal.until(
      'the component in the catalog',
      async () => {
        const { status, body } = await portal.call(
          'catalog/entities/by-name/component/default/made-model',
        );
        return status === 200 ? body : undefined;
      },
    );
    expect(entity.metadata.annotations).toMatchObject({
      'backstage.io/source-template': 'template:default/model-service',
      'greenroom.dev/template-version':
        template.metadata.annotations['greenroom.dev/template-version'],
      'github.com/project-slug': 'greenroom-demo/made-model',
      'mlflow.org/experiment-name': 'local:made-model',
      'mlflow.org/registered-model': 'local:made-model',
    });

    const before = await stateOf('made-model');
    expect(before).toEqual({
      commits: [expect.any(String)],
      trackingUri: mlflow.url,
      experiment: experiment.experiment_id,
      locations: [`${url}/blob/main/catalog-info.yaml`],
    });
    // The pipeline has registered a version meanwhile: that is no conflict.
    await mlflowCall('registered-models/create', { name: 'made-model' });
    const second = await portal.run(
      values('made-model', { system: 'system:default/decisions' }),
    );
    expect(second.error ?? second.status).toBe('completed');
    expect(second.log.join('\n')).toContain(
      `An earlier try has made ${url}; this one goes on from there`,
    );
    expect(second.output).toEqual(first.output);
    expect(await stateOf('made-model')).toEqual(before);

    const other = await portal.run(
      values('made-model', { gate: { metric: 'accuracy', threshold: 0.8 } }),
    );
    expect(other.status).toBe('failed');
    expect(other.error).toContain('threshold was 0.9, now is 0.8');
    expect(other.log.join('\n')).toContain('leave it as it is');
    expect(other.log.join('\n')).not.toContain('To give up');
    expect(await stateOf('made-model')).toEqual(before);
  });

  it('goes on when it broke off between making the repository and the push', async () => {
    proxy.breakAt(/POST .*\/actions\/variables/, 422);
    const first = await portal.run(values('empty-model'));
    expect(first.status).toBe('failed');
    expect((await stateOf('empty-model')).commits).toEqual([]);
    const log = first.log.join('\n');
    expect(log).toMatch(
      /Of 'empty-model' there is: the MLflow experiment 'empty-model' \(\S+\); the repository \S+, still empty/,
    );
    expect(log).toContain('choose Start over with the same values');
    expect(log).toContain('mlflow experiments delete --experiment-id');

    proxy.mend();
    const second = await portal.run(values('empty-model'));
    expect(second.error ?? second.status).toBe('completed');
    expect(await stateOf('empty-model')).toEqual({
      commits: [expect.any(String)],
      trackingUri: mlflow.url,
      experiment: expect.any(String),
      locations: [
        `${forge.url}/greenroom-demo/empty-model/blob/main/catalog-info.yaml`,
      ],
    });
  });

  it('goes on when it broke off between the push and the catalog, by Retry too', async () => {
    proxy.breakAt(/GET .*catalog-info\.yaml/, 422);
    const first = await portal.run(values('pushed-model'));
    expect(first.status).toBe('failed');
    expect(first.log.join('\n')).toContain("Of 'pushed-model' there is:");
    const { commits } = await stateOf('pushed-model');
    expect(commits).toHaveLength(1);

    proxy.mend();
    await portal.call(`scaffolder/v2/tasks/${first.id}/retry`, { body: {} });
    const retried = await portal.finish(first.id);
    expect(retried.error ?? retried.status).toBe('completed');
    expect(await stateOf('pushed-model')).toEqual({
      commits,
      trackingUri: mlflow.url,
      experiment: expect.any(String),
      locations: [
        `${forge.url}/greenroom-demo/pushed-model/blob/main/catalog-info.yaml`,
      ],
    });
  });

  it('registers again what was unregistered', async () => {
    const before = await stateOf('pushed-model');
    const { body } = await portal.call('catalog/locations');
    const location = body.find((each: { data: { target: string } }) =>
      each.data.target.includes('/pushed-model/'),
    );
    await portal.call(`catalog/locations/${location.data.id}`, {
      method: 'DELETE',
    });
    const again = await portal.run(values('pushed-model'));
    expect(again.error ?? again.status).toBe('completed');
    expect(await stateOf('pushed-model')).toEqual(before);
  });
});

describe('what is not its own', () => {
  const refusalOf = async (name: string) => {
    const before = await stateOf(name);
    const { status, error, log } = await portal.run(values(name));
    expect(status).toBe('failed');
    expect(await stateOf(name)).toEqual(before);
    // Nobody is told to delete what is somebody else's.
    expect(log.join('\n')).not.toMatch(
      /To give up|experiments delete|settings/,
    );
    return error;
  };

  it('an empty repository of somebody else', async () => {
    await github('/orgs/greenroom-demo/repos', {
      method: 'POST',
      body: {
        name: 'foreign-model',
        // As a repository of ours has it once it is made.
        homepage:
          'http://localhost:3000/catalog/default/component/foreign-model',
      },
    });
    expect(await refusalOf('foreign-model')).toMatch(
      /repository.name: \S+\/foreign-model exists already. Choose another repository name/,
    );
  });

  it('a repository with contents', async () => {
    await github('/orgs/greenroom-demo/repos', {
      method: 'POST',
      body: { name: 'full-model', auto_init: true },
    });
    expect(await refusalOf('full-model')).toMatch(
      /repository.name: \S+\/full-model exists already/,
    );
  });

  it('an experiment', async () => {
    await mlflowCall('experiments/create', { name: 'tried-model' });
    expect(await refusalOf('tried-model')).toMatch(
      /name: MLflow \(local\) has an experiment 'tried-model' already \(http:\S+\)/,
    );
  });

  it('a deleted experiment, with the way out', async () => {
    const { body } = await mlflowCall('experiments/create', {
      name: 'deleted-model',
    });
    const id = body.experiment_id;
    await mlflowCall('experiments/delete', { experiment_id: id });
    expect(await refusalOf('deleted-model')).toContain(
      `Restore it with 'mlflow experiments restore --experiment-id ${id}'`,
    );
    await mlflowCall('experiments/restore', { experiment_id: id });
    expect(await refusalOf('deleted-model')).toContain('has an experiment');
  });

  it('a registered model', async () => {
    await mlflowCall('registered-models/create', { name: 'sold-model' });
    expect(await refusalOf('sold-model')).toMatch(
      /name: MLflow \(local\) has a registered model 'sold-model' already/,
    );
  });

  it('and what is free again, by Retry', async () => {
    await mlflowCall('registered-models/create', { name: 'freed-model' });
    const first = await portal.run(values('freed-model'));
    expect(first.status).toBe('failed');
    expect(first.log.join('\n')).toContain("Of 'freed-model' there is");
    await fetch(`${mlflow.url}/api/2.0/mlflow/registered-models/delete`, {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'freed-model' }),
    });
    await portal.call(`scaffolder/v2/tasks/${first.id}/retry`, { body: {} });
    const retried = await portal.finish(first.id);
    expect(retried.error ?? retried.status).toBe('completed');
  });
});
