import { TestDatabases, mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { ConfigReader } from '@backstage/config';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import {
  startMlflow,
  type TestMlflow,
} from '@greenroom/local-platform/testing';
import {
  createMlflowService,
  type MlflowService,
} from '@greenroom/plugin-mlflow-node';
import { createComponentExplainAction } from './actions/createComponentExplainAction';
import { createExperimentEnsureAction } from './actions/createExperimentEnsureAction';
import { ComponentInspector } from './services/ComponentInspector';
import { ComponentTargets } from './services/ComponentTargets';
import { GithubRepositories } from './services/GithubRepositories';
import { RepositoryMark } from './services/RepositoryMark';

jest.setTimeout(200_000);

const VISIBLE: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'visible', namespace: 'default' },
};

describe('what template steps tell of MLflow, in dry runs and otherwise', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
  let server: TestMlflow;
  let mlflow: MlflowService;

  beforeAll(async () => {
    server = await startMlflow();
    mlflow = createMlflowService({
      config: new ConfigReader({
        mlflow: { instances: [{ name: 'local', baseUrl: server.url }] },
      }),
    });
    for (const name of ['visible', 'hidden']) {
      const tags = { 'greenroom.component': `component:default/${name}` };
      await mlflow.getClient().createExperiment({ name, tags });
    }
    await mlflow.getClient().createExperiment({ name: 'unmarked' });
  });

  afterAll(() => server?.stop());

  const ensure = async (
    input: { name: string; tags?: Record<string, string> },
    options: { isDryRun: boolean; result?: AuthorizeResult.DENY },
  ) => {
    const outputs: Record<string, unknown> = {};
    const action = createExperimentEnsureAction({
      catalog: catalogServiceMock({ entities: [VISIBLE] }),
      mlflow,
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
      const refusal = await ensure({ name: 'hidden' }, { isDryRun }).catch(
        error => String(error),
      );
      expect(refusal).toBe(
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
          mlflow,
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
