// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { JsonObject } from '@backstage/types';
import {
  startMlflow,
  type TestMlflow,
} from '@greenroom/local-platform/testing';
import { TestDatabases, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { ConfigReader } from '@backstage/config';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  createMlflowService,
  type MlflowService,
} from '@greenroom/plugin-mlflow-node';
import { parse } from 'yaml';
import { createComponentAwaitAction } from './actions/createComponentAwaitAction';
import { createComponentExplainAction } from './actions/createComponentExplainAction';
import { createExperimentEnsureAction } from './actions/createExperimentEnsureAction';
import { createRepositoryVariablesAction } from './actions/createRepositoryVariablesAction';
import { ComponentInspector } from './services/ComponentInspector';
import { ComponentTargets } from './services/ComponentTargets';
import { GithubRepositories } from './services/GithubRepositories';
import { RepositoryMark } from './services/RepositoryMark';
import { startGithubFake } from './__testUtils__/startGithubFake';
import { startPortal, TEMPLATE_DIR } from './__testUtils__/startPortal';

jest.setTimeout(120_000);

const template = parse(
  fs.readFileSync(path.join(TEMPLATE_DIR, 'template.yaml'), 'utf8'),
);

let github: Awaited<ReturnType<typeof startGithubFake>>;
let mlflow: TestMlflow;
let portal: Awaited<ReturnType<typeof startPortal>>;
let files: Server;
let filesUrl: string;
const served = new Map<string, string | Buffer>();

beforeAll(async () => {
  files = createServer((request, response) => {
    const content = served.get(request.url ?? '');
    response.writeHead(content === undefined ? 404 : 200);
    response.end(content);
  }).listen(0, '127.0.0.1');
  [github, mlflow] = await Promise.all([startGithubFake(), startMlflow()]);
  filesUrl = `http://localhost:${(files.address() as AddressInfo).port}`;
  portal = await startPortal({
    github,
    readable: `localhost:${(files.address() as AddressInfo).port}`,
    mlflow: [
      { name: 'local', baseUrl: mlflow.url },
      // Nothing listens there.
      { name: 'gone', baseUrl: 'http://localhost:9' },
    ],
  });
}, 300_000);

afterAll(async () => {
  await portal?.stop();
  files?.close();
  await Promise.all([github?.stop(), mlflow?.stop()]);
});

beforeEach(() => github.reset());

const values = (changes: JsonObject = {}): JsonObject => ({
  name: 'tumour-model',
  description: 'Predicts whether a tumour is malignant.',
  owner: 'group:default/fraud-team',
  data: { dataset: 'breast_cancer', target: 'target', task: 'classification' },
  gate: { metric: 'accuracy', threshold: 0.9 },
  repository: { host: github.host, owner: 'greenroom-demo' },
  ...changes,
});

const table = (
  options: { rows?: number; header?: string; row?: (i: number) => string } = {},
) =>
  [
    options.header ?? 'age,income,churned',
    ...Array.from(
      { length: options.rows ?? 60 },
      (_, i) =>
        options.row?.(i) ??
        `${(i * 7) % 45},${i * 1.5},${i % 2 ? 'yes' : 'no'}`,
    ),
  ].join('\n');

const toUpload = (content: string | Buffer) =>
  `data:text/csv;base64,${Buffer.from(content).toString('base64')}`;

const csv = (changes: JsonObject) =>
  values({
    data: {
      dataset: 'csv',
      target: 'churned',
      task: 'classification',
      ...changes,
    },
  });

const uploaded = (content: string | Buffer, changes: JsonObject = {}) =>
  csv({ csvUpload: toUpload(content), ...changes });

const refusal = async (input: JsonObject) => {
  const { status, body } = await portal.dryRun(input, template);
  return { status, text: JSON.stringify(body) };
};

/** One action on its own, as a template of its own. */
const runAction = (action: string, input: JsonObject) => ({
  ...template,
  spec: {
    ...template.spec,
    parameters: [],
    steps: [{ id: 'step', name: 'Step', action, input }],
    output: {
      text: [{ title: 'out', content: '${{ steps.step.output | dump }}' }],
    },
  },
});

describe('bad values', () => {
  it.each<[string, () => JsonObject, RegExp]>([
    ['no name', () => ({ ...values(), name: '' }), /instance\.name/],
    ['a short name', () => values({ name: 'ab' }), /instance\.name/],
    ['a long name', () => values({ name: 'a'.repeat(41) }), /instance\.name/],
    ['capitals', () => values({ name: 'Churn' }), /instance\.name/],
    ['an underscore', () => values({ name: 'churn_model' }), /instance\.name/],
    ['a digit first', () => values({ name: '1churn' }), /instance\.name/],
    ['a hyphen last', () => values({ name: 'churn-' }), /instance\.name/],
    ['two hyphens', () => values({ name: 'churn--model' }), /instance\.name/],
    ['a path as name', () => values({ name: '../../etc' }), /instance\.name/],
    [
      'a template as name',
      () => values({ name: '${{ secrets }}' }),
      /instance\.name/,
    ],
    [
      'a line break after the name',
      () => values({ name: 'churn\n' }),
      /instance\.name/,
    ],
    ['a name that is no text', () => values({ name: 7 }), /instance\.name/],
    [
      'a module of Python',
      () => values({ name: 'random' }),
      /would hide; add a word, for example random-model/,
    ],
    ['a keyword of Python', () => values({ name: 'class' }), /class-model/],
    [
      'a library of the pipeline',
      () => values({ name: 'mlflow' }),
      /mlflow-model/,
    ],
    [
      'a taken name',
      () => values({ name: 'taken-model' }),
      /name: the catalog has a component 'taken-model' already, owned by fraud-team/,
    ],
    [
      'no description',
      () => values({ description: '' }),
      /instance\.description/,
    ],
    [
      'spaces as description',
      () => values({ description: ' '.repeat(20) }),
      /description: say in 10 to 200 characters/,
    ],
    [
      'a long description',
      () => values({ description: 'a'.repeat(201) }),
      /instance\.description/,
    ],
    [
      'a description of two lines',
      () => values({ description: 'A fine model.\n- owner: me' }),
      /instance\.description/,
    ],
    [
      'an escape sequence',
      () => values({ description: 'A fine \u001b[31mmodel' }),
      /instance\.description/,
    ],
    [
      'a Unicode line break',
      () => values({ description: 'A fine\u2028model' }),
      /instance\.description/,
    ],
    ['no owner', () => values({ owner: '' }), /instance\.owner/],
    [
      'an unknown owner',
      () => values({ owner: 'group:default/nobody' }),
      /owner: the catalog has no group or user/,
    ],
    [
      'a component as owner',
      () => values({ owner: 'component:default/taken-model' }),
      /owner: the catalog has no group or user/,
    ],
    [
      'an owner that is no reference',
      () => values({ owner: 'group:default/"\n' }),
      /owner: the catalog has no group or user/,
    ],
    [
      'an unknown system',
      () => values({ system: 'system:default/none' }),
      /system: the catalog has no system/,
    ],
    [
      'a group as system',
      () => values({ system: 'group:default/fraud-team' }),
      /system: the catalog has no system/,
    ],
    [
      'an unknown data set',
      () =>
        values({
          data: {
            dataset: 'titanic',
            target: 'target',
            task: 'classification',
          },
        }),
      /instance\.(data|gate|repository)\.dataset/,
    ],
    [
      'another target of a bundled data set',
      () =>
        values({
          data: { dataset: 'iris', target: 'petal', task: 'classification' },
        }),
      /data.target: the target of the data set iris is the column 'target'/,
    ],
    [
      'another task of a bundled data set',
      () =>
        values({
          data: { dataset: 'iris', target: 'target', task: 'regression' },
        }),
      /data.task: the data set iris is for classification/,
    ],
    [
      'an unknown task',
      () =>
        values({
          data: { dataset: 'iris', target: 'target', task: 'clustering' },
        }),
      /instance\.(data|gate|repository)\.task/,
    ],
    [
      'a file and an address',
      () => csv({ csvUpload: toUpload(table()), csvUrl: `${filesUrl}/t.csv` }),
      /either a CSV file or its address/,
    ],
    [
      'neither file nor address',
      () => csv({}),
      /either a CSV file or its address/,
    ],
    [
      'an unknown field of data',
      () => csv({ path: '/etc/passwd' }),
      /additional/i,
    ],
    [
      'a file that is none',
      () => csv({ csvUpload: 'hello' }),
      /instance\.(data|gate|repository)\.csvUpload/,
    ],
    [
      'an address of a file on the server',
      () => csv({ csvUrl: 'file:///etc/passwd' }),
      /instance\.(data|gate|repository)\.csvUrl/,
    ],
    [
      'an address that may not be read',
      () => csv({ csvUrl: 'http://169.254.169.254/latest/meta-data' }),
      /data.csvUrl: the portal cannot read the address.*backend.reading.allow/,
    ],
    [
      'an address of nothing',
      () => csv({ csvUrl: `${filesUrl}/nothing.csv` }),
      /data.csvUrl: the portal cannot read the address/,
    ],
    [
      'an address with a password',
      () => csv({ csvUrl: 'https://me:secret@example.com/t.csv' }),
      /data.csvUrl: leave the user and the password out/,
    ],
    [
      'an empty table',
      () => uploaded(' \n'),
      /data.csvUpload: The file is empty/,
    ],
    [
      'a table that is an image',
      () => uploaded(Buffer.from('89504e470d0a1a0a0000000d', 'hex')),
      /data.csvUpload: The file is not text/,
    ],
    [
      'too few rows',
      () => uploaded(table({ rows: 49 })),
      /data.csvUpload: The table has 49 rows; it needs at least 50/,
    ],
    [
      'no such target',
      () => uploaded(table(), { target: 'left' }),
      /data.target: The table has no column .*left.*age.*churned/,
    ],
    [
      'one class',
      () => uploaded(table({ row: i => `${i},1,no` })),
      /data.target: .*always .*no.*at least two classes/,
    ],
    [
      'classes that are none',
      () => uploaded(table(), { target: 'income' }),
      /data.target: .*another value in each row/,
    ],
    [
      'words as numbers',
      () => uploaded(table(), { task: 'regression' }),
      /data.task: Column .*churned.* holds .*no.* in row 2; regression needs numbers/,
    ],
    [
      'a metric of the other task',
      () => values({ gate: { metric: 'rmse', threshold: 1 } }),
      /gate.metric: 'rmse' does not measure classification; choose one of accuracy, f1_macro, roc_auc/,
    ],
    [
      'an unknown metric',
      () => values({ gate: { metric: 'bleu', threshold: 1 } }),
      /instance\.(data|gate|repository)\.metric/,
    ],
    [
      'no threshold',
      () => values({ gate: { metric: 'accuracy' } }),
      /requires property .*threshold/,
    ],
    [
      'a threshold in percent',
      () => values({ gate: { metric: 'accuracy', threshold: 90 } }),
      /gate.threshold: Accuracy lies between 0 and 1/,
    ],
    [
      'a threshold of nothing',
      () => values({ gate: { metric: 'accuracy', threshold: 0 } }),
      /gate.threshold: .*above 0/,
    ],
    [
      'a threshold below chance',
      () => values({ gate: { metric: 'roc_auc', threshold: 0.4 } }),
      /from 0.5 to 1/,
    ],
    [
      'a threshold as a word',
      () => values({ gate: { metric: 'accuracy', threshold: 'high' } }),
      /instance\.gate\.threshold/,
    ],
    [
      'another host',
      () =>
        values({
          repository: { host: 'git.example.com', owner: 'greenroom-demo' },
        }),
      /repository.host: 'git.example.com' is not a configured GitHub host; configured are localhost/,
    ],
    [
      'a host with credentials',
      () =>
        values({
          repository: { host: 'a:b@localhost', owner: 'greenroom-demo' },
        }),
      /instance\.(data|gate|repository)\.host/,
    ],
    [
      'no organisation',
      () => values({ repository: { host: github.host, owner: '' } }),
      /instance\.repository\.owner/,
    ],
    [
      'an organisation nobody knows',
      () => values({ repository: { host: github.host, owner: 'nobody' } }),
      /repository.owner: there is no organisation or user 'nobody'/,
    ],
    [
      'a path as organisation',
      () => values({ repository: { host: github.host, owner: 'a/b' } }),
      /instance\.repository\.owner/,
    ],
    [
      'a repository of dots',
      () =>
        values({
          repository: {
            host: github.host,
            owner: 'greenroom-demo',
            name: '..',
          },
        }),
      /repository.name: use letters/,
    ],
    [
      'a repository with spaces',
      () =>
        values({
          repository: {
            host: github.host,
            owner: 'greenroom-demo',
            name: 'my model',
          },
        }),
      /instance\.repository\.name/,
    ],
    [
      'a repository ending in .git',
      () =>
        values({
          repository: {
            host: github.host,
            owner: 'greenroom-demo',
            name: 'model.git',
          },
        }),
      /repository.name: .*no ending .git/,
    ],
    [
      'an unknown visibility',
      () =>
        values({
          repository: {
            host: github.host,
            owner: 'greenroom-demo',
            visibility: 'secret',
          },
        }),
      /instance\.(data|gate|repository)\.visibility/,
    ],
    [
      'a name that the cluster cannot hold',
      () => values({ name: 'a'.repeat(38) }),
      /name: in the cluster it becomes .*a-predictor-fraud-team-prod.*64 characters where Kubernetes takes 63; use at most 37 characters/,
    ],
    [
      'a name that three environments cannot hold',
      () =>
        values({
          name: 'a'.repeat(37),
          delivery: { environments: 'dev-staging-prod' },
        }),
      /name: in the cluster .*-fraud-team-staging.*use at most 34 characters/,
    ],
    [
      'an unknown framework',
      () => values({ model: { framework: 'tensorflow' } }),
      /instance\.model\.framework/,
    ],
    [
      'an unknown format',
      () => values({ model: { format: 'pickle' } }),
      /instance\.model\.format/,
    ],
    [
      'a choice nobody knows',
      () => values({ delivery: { blueGreen: true } }),
      /additional/i,
    ],
    [
      "ONNX on KServe's runtime",
      () =>
        values({
          model: { format: 'onnx' },
          delivery: { serving: 'storage-uri' },
        }),
      /delivery.serving: KServe serves ONNX with Triton.*Choose the model's own image/,
    ],
    [
      "PyTorch on KServe's runtime",
      () =>
        values({
          model: { framework: 'pytorch' },
          delivery: { serving: 'storage-uri' },
        }),
      /delivery.serving: KServe serves PyTorch with TorchServe/,
    ],
    [
      "texts on KServe's runtime for XGBoost",
      () =>
        values({
          data: {
            dataset: 'csv',
            target: 'stays',
            task: 'classification',
            csvUpload: `data:text/csv;base64,${Buffer.from(
              `age,city,stays\n${'30,Rome,1\n40,Oslo,0\n30,Oslo,1\n40,Rome,0\n40,Rome,1\n'.repeat(15)}`,
            ).toString('base64')}`,
          },
          model: { framework: 'xgboost' },
          delivery: { serving: 'storage-uri' },
        }),
      /delivery.serving: KServe's server for XGBoost takes numbers only, and these columns hold texts: .*city/,
    ],
    [
      "a drift monitor on KServe's runtime",
      () =>
        values({ delivery: { serving: 'storage-uri', driftMonitor: true } }),
      /delivery.driftMonitor: KServe's own servers count no feature values/,
    ],
    [
      'a registry without an image',
      () => values({ delivery: { serving: 'storage-uri', registry: 'ghcr' } }),
      /delivery.registry: .*there is no image/,
    ],
    [
      'a GPU for trees',
      () => values({ delivery: { gpu: true } }),
      /delivery.gpu: Only PyTorch/,
    ],
    [
      'a canary without production',
      () => values({ delivery: { environments: 'dev', canary: 'knative' } }),
      /delivery.canary: .*there is no prod/,
    ],
    [
      'a runner in the cluster for a public repository',
      () =>
        values({
          delivery: { mlflowAccess: 'self-hosted' },
          repository: {
            host: github.host,
            owner: 'greenroom-demo',
            visibility: 'public',
          },
        }),
      /delivery.mlflowAccess: .*its code would run in your cluster/,
    ],
    [
      'a namespace of another registry',
      () => values({ delivery: { registryNamespace: 'acme' } }),
      /delivery.registryNamespace: Only Docker Hub asks/,
    ],
    [
      'a path as namespace',
      () =>
        values({
          delivery: { registry: 'docker-hub', registryNamespace: 'acme/../x' },
        }),
      /instance\.delivery\.registryNamespace/,
    ],
    [
      'an expression as manifests repository',
      () =>
        values({ delivery: { manifestsRepository: '${{ secrets.TOKEN }}' } }),
      /instance\.delivery\.manifestsRepository/,
    ],
    [
      'a path as manifests repository',
      () => values({ delivery: { manifestsRepository: '..' } }),
      /delivery.manifestsRepository: Give the name of a repository/,
    ],
    [
      'manifests in the repository of the model',
      () => values({ delivery: { manifestsRepository: 'Tumour-Model' } }),
      /delivery.manifestsRepository: Manifests live in a repository of their own/,
    ],
  ])('%s is refused, and nothing is made', async (_, input, expected) => {
    const { status, text } = await refusal(input());
    expect(text).toMatch(expected);
    expect(status).toBe(400);
    expect(
      github.requests.filter(({ route }) => !route.startsWith('GET')),
    ).toEqual([]);
  });

  it('are all said at once', async () => {
    const { text } = await refusal(
      values({
        name: 'random',
        owner: 'group:default/nobody',
        gate: { metric: 'mae', threshold: 1 },
        repository: { host: github.host, owner: 'greenroom-demo', name: '.' },
        delivery: { gpu: true, environments: 'dev', canary: 'http-route' },
      }),
    );
    for (const field of [
      'name',
      'owner',
      'gate.metric',
      'repository.name',
      'delivery.gpu',
      'delivery.canary',
    ]) {
      expect(text).toContain(`- ${field}: `);
    }
  });
});

describe('model and delivery', () => {
  const check = async (changes: JsonObject) => {
    const { name, description, owner, data, gate, repository, ...choices } =
      values(changes);
    const { status, body } = await portal.dryRun(
      {},
      runAction('ml:component:check', {
        name,
        description,
        owner,
        data,
        gate,
        repository,
        ...choices,
      }),
    );
    expect(status === 200 ? 'checked' : body).toBe('checked');
    return JSON.parse(body.output.text[0].content);
  };
  const skeletonValues = async (changes: JsonObject) =>
    (await check(changes)).values;

  it('have defaults', async () => {
    const output = await check({});
    expect(output.values).toEqual({
      name: 'tumour-model',
      packageName: 'tumour_model',
      description: 'Predicts whether a tumour is malignant.',
      owner: 'group:default/fraud-team',
      system: '',
      dataset: 'breast_cancer',
      csvFile: '',
      dataUrl: '',
      target: 'target',
      features: [],
      leaveOut: {},
      keep: {},
      split: { by: 'rows', column: '', testSize: 0.25 },
      task: 'classification',
      metric: 'accuracy',
      direction: 'maximize',
      threshold: 0.9,
      experimentName: 'tumour-model',
      registeredModel: 'tumour-model',
      mlflowInstance: 'local',
      repoHost: github.host,
      repoOwner: 'greenroom-demo',
      repoName: 'tumour-model',
      repoUrl: `http://${github.host}/greenroom-demo/tumour-model`,
      templateRef: 'template:default/dry-run',
      templateVersion:
        template.metadata.annotations['greenroom.dev/template-version'],
      registryNamespace: '',
      framework: 'scikit-learn',
      format: 'native',
      serving: 'image',
      registry: 'ghcr',
      image: 'ghcr.io/greenroom-demo/tumour-model',
      mlflowAccess: 'token',
      environments: ['dev', 'prod'],
      canary: 'none',
      driftMonitor: true,
      gpu: false,
      manifestsRepository: 'greenroom-demo/infra-manifests',
      team: 'fraud-team',
    });
    // Every answer, whether it was given or left open.
    expect(output.recordedValues).toEqual({
      name: 'tumour-model',
      description: 'Predicts whether a tumour is malignant.',
      owner: 'group:default/fraud-team',
      system: '',
      dataset: 'breast_cancer',
      target: 'target',
      task: 'classification',
      dataDigest: '',
      dataUrl: '',
      leaveOut: '{}',
      keep: '{}',
      read: '{}',
      splitBy: 'rows',
      splitColumn: '',
      testSize: 0.25,
      metric: 'accuracy',
      threshold: 0.9,
      mlflowInstance: 'local',
      repository: `${github.host}/greenroom-demo/tumour-model`,
      visibility: 'private',
      framework: 'scikit-learn',
      format: 'native',
      serving: 'image',
      registry: 'ghcr',
      registryNamespace: '',
      mlflowAccess: 'token',
      environments: 'dev-prod',
      canary: 'none',
      driftMonitor: true,
      gpu: false,
      manifestsRepository: 'infra-manifests',
    });
  });

  it('become what the skeleton is told', async () => {
    github.answer('GET /users/Acme-ML', {
      status: 200,
      body: { login: 'Acme-ML', type: 'Organization' },
    });
    const repository = { host: github.host, owner: 'Acme-ML' };
    expect(
      await skeletonValues({
        repository,
        model: { framework: 'pytorch' },
        delivery: {
          registry: 'docker-hub',
          registryNamespace: 'acme',
          environments: 'dev-staging-prod',
          canary: 'http-route',
          driftMonitor: false,
          gpu: true,
          manifestsRepository: 'deployments',
        },
      }),
    ).toMatchObject({
      framework: 'pytorch',
      registry: 'docker-hub',
      image: 'docker.io/acme/tumour-model',
      environments: ['dev', 'staging', 'prod'],
      canary: 'http-route',
      driftMonitor: false,
      gpu: true,
      manifestsRepository: 'Acme-ML/deployments',
    });
    expect(
      await skeletonValues({ repository, delivery: { registry: 'ghcr' } }),
    ).toMatchObject({ image: 'ghcr.io/acme-ml/tumour-model' });
    expect(
      await skeletonValues({
        repository,
        delivery: { serving: 'storage-uri', mlflowAccess: 'self-hosted' },
      }),
    ).toMatchObject({
      serving: 'storage-uri',
      registry: '',
      image: '',
      driftMonitor: false,
      mlflowAccess: 'self-hosted',
    });
  });

  it('of a record of an earlier version are the defaults', async () => {
    const { recordedValues } = await check({});
    const { name, description, owner, system, mlflowInstance, repository } =
      recordedValues;
    const { dataset, target, task, dataDigest, metric, threshold } =
      recordedValues;
    // What version 1.0.0 wrote.
    const record = JSON.stringify({
      template: 'template:default/dry-run',
      version: '1.0.0',
      mark: portal.markOf({
        host: github.host,
        owner: 'greenroom-demo',
        name: 'tumour-model',
      }),
      values: {
        ...{ name, description, owner, system, mlflowInstance, repository },
        ...{ dataset, target, task, dataDigest, metric, threshold },
      },
    });
    const route = 'GET /repos/greenroom-demo/tumour-model';
    github.answer(route, {
      status: 200,
      body: { name: 'tumour-model', owner: { login: 'greenroom-demo' } },
    });
    github.answer(`${route}/branches`, {
      status: 200,
      body: [{ name: 'main' }],
    });
    github.answer(`${route}/contents/.greenroom%2Ftemplate.json`, {
      status: 200,
      body: { content: Buffer.from(record).toString('base64') },
    });
    expect(await check({})).toMatchObject({
      repositoryState: 'filled',
    });
    const { text } = await refusal(
      values({ delivery: { environments: 'dev' } }),
    );
    expect(text).toContain('environments was ');
    expect(text).toMatch(/environments was .*dev-prod.*, now is .*dev/);

    // The same words, of somebody who is not this portal.
    for (const mark of [undefined, '', 'AAAAAAAAAAAAAAAA']) {
      github.answer(`${route}/contents/.greenroom%2Ftemplate.json`, {
        status: 200,
        body: {
          content: Buffer.from(
            JSON.stringify({ ...JSON.parse(record), mark }),
          ).toString('base64'),
        },
      });
      expect((await refusal(values())).text).toMatch(
        /repository.name: \S+tumour-model exists already/,
      );
    }
  });
});

describe('a table of the owner', () => {
  const renderedFiles = async (input: JsonObject) => {
    const { body } = await portal.dryRun(input, template);
    return new Map<string, string>(
      body.directoryContents?.map(
        (each: { path: string; base64Content: string }) => [
          each.path,
          Buffer.from(each.base64Content, 'base64').toString('utf8'),
        ],
      ),
    );
  };
  const rendered = async (input: JsonObject) =>
    (await renderedFiles(input)).get('data/tumour-model.csv');

  it('is kept byte for byte, whatever a spreadsheet made of it', async () => {
    const text = `\uFEFF${table({
      header: 'größe;"no; te";churned',
      row: i => `${i},5;"a ""b""; c";${i % 2}`,
    })}`.replaceAll('\n', '\r\n');
    expect(await rendered(uploaded(text))).toBe(text);
  });

  it('is read from an address that the portal may read', async () => {
    served.set('/churn.csv', table());
    expect(await rendered(csv({ csvUrl: `${filesUrl}/churn.csv` }))).toBe(
      table(),
    );
  });

  it('that is too large for a repository is downloaded by the pipeline', async () => {
    const text = 'x'.repeat(20_000);
    served.set(
      '/large.csv',
      table({
        rows: 1200,
        row: i => `${(i * 7) % 45},${text},${i % 2 ? 'yes' : 'no'}`,
      }),
    );
    const repository = await renderedFiles(
      csv({ csvUrl: `${filesUrl}/large.csv` }),
    );
    expect(repository.has('data/tumour-model.csv')).toBe(false);
    const { jobs } = parse(repository.get('.github/workflows/ci.yml') ?? '');
    for (const job of ['check', 'train']) {
      expect(jobs[job].steps).toContainEqual({
        name: 'Download the data',
        env: { DATA_URL: '${{ secrets.DATA_URL }}' },
        run: 'make data',
      });
    }
    expect(repository.get('.gitignore')).toContain('/data/tumour-model.csv\n');
    expect(repository.get('Makefile')).toContain('test train: $(DATA)');
  });
});

describe('what fails around it', () => {
  it.each([
    [
      'refuses the token',
      401,
      {},
      /GitHub at localhost:\d+ refuses the portal's token.*renew integrations.github/,
    ],
    [
      'forbids it',
      403,
      {},
      /may not do this at localhost:\d+: give it the rights/,
    ],
    [
      'is asked too often',
      403,
      { message: 'API rate limit exceeded' },
      /allows no more calls for now; try again later/,
    ],
    ['is asked much too often', 429, {}, /allows no more calls for now/],
    [
      'finds fault',
      422,
      { message: 'Validation Failed' },
      /does not accept this \(HTTP 422\)/,
    ],
    [
      'fails',
      503,
      {},
      /fails just now \(HTTP 503\); try again in a few minutes/,
    ],
  ])('GitHub %s', async (_, status, body, expected) => {
    github.answer('GET /repos/greenroom-demo/tumour-model', { status, body });
    const { text } = await refusal(values());
    expect(text).toMatch(expected);
    expect(text).not.toContain(github.token);
  });

  it('GitHub hangs up', async () => {
    github.answer('*', 'hang up');
    const { text } = await refusal(values());
    expect(text).toMatch(/GitHub at localhost:\d+ does not answer/);
  });

  it('MLflow is away: the error names the instance', async () => {
    const { body } = await portal.dryRun(
      {},
      runAction('mlflow:experiment:ensure', { instance: 'gone', name: 'x' }),
    );
    expect(JSON.stringify(body)).toMatch(/'?gone'?/);
    expect(JSON.stringify(body)).toMatch(
      /does not answer|cannot be reached|unreachable/i,
    );
  });

  it('an instance nobody configured', async () => {
    const { body } = await portal.dryRun(
      {},
      runAction('mlflow:experiment:ensure', { instance: 'eu', name: 'x' }),
    );
    expect(JSON.stringify(body)).toMatch(
      /no MLflow instance 'eu'; configured are 'local', 'gone'/,
    );
  });
});

describe('waiting for the catalog', () => {
  const entityRef = 'component:default/tumour-model';
  const wait = async (catalog: ReturnType<typeof catalogServiceMock.mock>) => {
    const context = createMockActionContext({
      input: { entityRef, timeoutSeconds: 1 },
    });
    await createComponentAwaitAction({ catalog }).handler(context);
    return context.output;
  };

  it('ends when the component is there', async () => {
    const catalog = catalogServiceMock.mock();
    catalog.getEntityByRef
      .mockResolvedValueOnce(undefined)
      .mockResolvedValueOnce({
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'tumour-model' },
      });
    expect(await wait(catalog)).toHaveBeenCalledWith('found', true);
    expect(catalog.getEntityByRef).toHaveBeenCalledTimes(2);
    expect(catalog.getEntityByRef).toHaveBeenLastCalledWith(
      entityRef,
      expect.objectContaining({ credentials: expect.anything() }),
    );
  });

  it('gives up without an error', async () => {
    const catalog = catalogServiceMock.mock();
    catalog.getEntityByRef.mockResolvedValue(undefined);
    expect(await wait(catalog)).toHaveBeenCalledWith('found', false);
  });
});

describe('checkpoints', () => {
  it('are one for each thing that is made, and none for what is read', async () => {
    const keys: string[] = [];
    const run = async <I extends JsonObject, O extends JsonObject>(
      action: TemplateAction<I, O>,
      input: I,
    ) => {
      const outputs: Partial<O> = {};
      await action.handler({
        ...createMockActionContext<I, O>({ input }),
        output: (key, value) => {
          Object.assign(outputs, { [key]: value });
        },
        checkpoint: async ({ key, fn }) => {
          keys.push(key);
          return fn();
        },
      });
      return outputs;
    };
    const service = createMlflowService({
      config: new ConfigReader({
        mlflow: { instances: [{ name: 'local', baseUrl: mlflow.url }] },
      }),
    });
    const ensure = createExperimentEnsureAction({
      catalog: catalogServiceMock(),
      mlflow: service,
      permissions: mockServices.permissions(),
    });
    const made = await run(ensure, { name: 'a.b', tags: { team: 'fraud' } });
    expect(made).toMatchObject({ created: true, trackingUri: mlflow.url });
    expect(await run(ensure, { name: 'a.b' })).toEqual({
      ...made,
      created: false,
    });
    await run(ensure, { name: 'a' });

    const integrations = ScmIntegrations.fromConfig(
      new ConfigReader({
        integrations: {
          github: [
            {
              host: github.host,
              apiBaseUrl: github.apiBaseUrl,
              token: github.token,
            },
          ],
        },
      }),
    );
    const variables = createRepositoryVariablesAction({
      github: new GithubRepositories({
        integrations,
        credentialsProvider:
          DefaultGithubCredentialsProvider.fromIntegrations(integrations),
        requireUserCredentials: false,
      }),
    });
    github.answer('POST /repos/o/r/actions/variables', {
      status: 201,
      body: {},
    });
    github.answer('GET /repos/o/r/actions/variables/OLD', {
      status: 200,
      body: { name: 'OLD', value: '1' },
    });
    github.answer('PATCH /repos/o/r/actions/variables/OLD', {
      status: 204,
    });
    await run(variables, {
      repoUrl: `${github.host}?owner=o&repo=r`,
      variables: { NEW: 'x', OLD: '2' },
    });
    expect(
      github.requests
        .filter(({ route }) => !route.startsWith('GET'))
        .map(({ route, body }) => [route, JSON.parse(body).value]),
    ).toEqual([
      ['POST /repos/o/r/actions/variables', 'x'],
      ['PATCH /repos/o/r/actions/variables/OLD', '2'],
    ]);
    expect(keys).toEqual([
      'create.mlflow.experiment.local.a.b',
      'create.mlflow.experiment.local.a',
      `set.github.variable.${github.host}.o.r.NEW`,
      `set.github.variable.${github.host}.o.r.OLD`,
    ]);
    await expect(
      run(variables, {
        repoUrl: `${github.host}?owner=o&repo=r`,
        variables: { 'not a name': 'x' },
      }),
    ).rejects.toThrow("variables: 'not a name' is no name of a variable");
  });
});

const VISIBLE: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'visible', namespace: 'default' },
};

describe('what template steps tell of MLflow, in dry runs and otherwise', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let service: MlflowService;

  beforeAll(async () => {
    service = createMlflowService({
      config: new ConfigReader({
        mlflow: { instances: [{ name: 'local', baseUrl: mlflow.url }] },
      }),
    });
    for (const name of ['visible', 'hidden']) {
      const tags = { 'greenroom.component': `component:default/${name}` };
      await service.getClient().createExperiment({ name, tags });
    }
    await service.getClient().createExperiment({ name: 'unmarked' });
  });

  const ensure = async (
    input: { name: string; tags?: Record<string, string> },
    options: { isDryRun: boolean; result?: AuthorizeResult.DENY },
  ) => {
    const outputs: Record<string, unknown> = {};
    const action = createExperimentEnsureAction({
      catalog: catalogServiceMock({ entities: [VISIBLE] }),
      mlflow: service,
      permissions: mockServices.permissions({
        result: options.result ?? AuthorizeResult.ALLOW,
      }),
    });
    const context = createMockActionContext({ input });
    await action.handler({
      ...context,
      isDryRun: options.isDryRun,
      checkpoint: async ({ fn }) => fn(),
      output: (key: string, value: unknown) => {
        outputs[key] = value;
      },
    });
    return outputs;
  };

  it.each([true, false])(
    'asks for mlflow.read and for the mark (dry run: %s)',
    async isDryRun => {
      for (const name of ['visible', 'hidden', 'unmarked', 'free']) {
        await expect(
          ensure({ name }, { isDryRun, result: AuthorizeResult.DENY }),
        ).rejects.toThrow('You may not read MLflow');
      }
      for (const name of ['visible', 'unmarked']) {
        expect(await ensure({ name }, { isDryRun })).toMatchObject({
          created: false,
          experimentId: expect.stringMatching(/^\d+$/),
        });
      }
      const hiddenRefusal = await ensure(
        { name: 'hidden' },
        { isDryRun },
      ).catch(error => String(error));
      expect(hiddenRefusal).toBe(
        "ConflictError: MLflow (local) has an experiment 'hidden' already, marked (tag greenroom.component) as that of a component that you may not see, or that does not exist. Choose another name",
      );
      // A retry before the catalog knows the component.
      const tags = { 'greenroom.component': 'component:default/hidden' };
      expect(
        await ensure({ name: 'hidden', tags }, { isDryRun }),
      ).toMatchObject({ created: false });
    },
  );

  it('says of MLflow what exists only to those who may read it', async () => {
    const knex = await databases.init('SQLITE_3');
    const mark = await RepositoryMark.create(mockServices.database({ knex }));
    const integrations = ScmIntegrations.fromConfig(new ConfigReader({}));
    const explain = async (
      result: AuthorizeResult.ALLOW | AuthorizeResult.DENY,
    ) => {
      const outputs: Record<string, unknown> = {};
      const action = createComponentExplainAction({
        inspector: new ComponentInspector({
          catalog: catalogServiceMock(),
          // No GitHub is asked: there is none of that name.
          github: new GithubRepositories({
            integrations,
            credentialsProvider:
              DefaultGithubCredentialsProvider.fromIntegrations(integrations),
            requireUserCredentials: false,
          }),
          mlflow: service,
          permissions: mockServices.permissions({ result }),
        }),
        targets: new ComponentTargets({
          mark,
          appBaseUrl: 'http://portal.example',
        }),
      });
      await action.handler({
        ...createMockActionContext({
          input: {
            name: 'visible',
            repository: { host: 'nowhere.example', owner: 'acme' },
          },
        }),
        output: (key: string, value: unknown) => {
          outputs[key] = value;
        },
      });
      return outputs.exists;
    };
    expect(await explain(AuthorizeResult.ALLOW)).toEqual([
      expect.stringContaining("the MLflow experiment 'visible'"),
    ]);
    expect(await explain(AuthorizeResult.DENY)).toEqual([]);
  });
});
