// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { scaffolderWorkspaceProviderExtensionPoint } from '@backstage/plugin-scaffolder-node/alpha';
import { mlflowServiceRef } from '@greenroom/plugin-mlflow-node';
import { createComponentAwaitAction } from './actions/createComponentAwaitAction';
import { createComponentCheckAction } from './actions/createComponentCheckAction';
import { createComponentExplainAction } from './actions/createComponentExplainAction';
import { createDatasetPrepareAction } from './actions/createDatasetPrepareAction';
import { createExperimentEnsureAction } from './actions/createExperimentEnsureAction';
import { createManifestsCheckAction } from './actions/createManifestsCheckAction';
import { createPackageSourceAction } from './actions/createPackageSourceAction';
import { createRepositorySettingsAction } from './actions/createRepositorySettingsAction';
import { createRepositoryVariablesAction } from './actions/createRepositoryVariablesAction';
import { createRepositoryUpgradeAction } from './actions/createRepositoryUpgradeAction';
import { createTemplateReadAction } from './actions/createTemplateReadAction';
import { createTemplateRecordAction } from './actions/createTemplateRecordAction';
import { ComponentInspector } from './services/ComponentInspector';
import { ComponentTargets } from './services/ComponentTargets';
import { GithubRepositories } from './services/GithubRepositories';
import { readPackageSource } from './services/readPackageSource';
import { RepositoryMark } from './services/RepositoryMark';
import { StartOverWorkspaceProvider } from './services/StartOverWorkspaceProvider';

/**
 * Scaffolder actions for machine-learning components.
 *
 * @public
 */
export const scaffolderModuleMl = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'ml',
  register(reg) {
    reg.registerInit({
      deps: {
        scaffolder: scaffolderActionsExtensionPoint,
        workspaces: scaffolderWorkspaceProviderExtensionPoint,
        database: coreServices.database,
        config: coreServices.rootConfig,
        urlReader: coreServices.urlReader,
        catalog: catalogServiceRef,
        mlflow: mlflowServiceRef,
        permissions: coreServices.permissions,
      },
      async init({
        scaffolder,
        workspaces,
        database,
        config,
        urlReader,
        catalog,
        mlflow,
        permissions,
      }) {
        workspaces.addProviders({
          startOver: await StartOverWorkspaceProvider.create(database),
        });
        const integrations = ScmIntegrations.fromConfig(config);
        const github = new GithubRepositories({
          integrations,
          credentialsProvider:
            DefaultGithubCredentialsProvider.fromIntegrations(integrations),
          requireUserCredentials:
            config.getOptionalBoolean('scaffolder.requireScmUserCredentials') ??
            false,
        });
        const targets = new ComponentTargets({
          mark: await RepositoryMark.create(database),
          appBaseUrl: config
            .getString('app.baseUrl')
            .replace(/(?<!\/)\/+$/, ''),
        });
        const inspector = new ComponentInspector({
          catalog,
          mlflow,
          github,
          permissions,
        });
        scaffolder.addActions(
          createExperimentEnsureAction({ catalog, mlflow, permissions }),
          createComponentCheckAction({
            catalog,
            mlflow,
            github,
            inspector,
            targets,
          }),
          createManifestsCheckAction({ catalog, github, inspector, targets }),
          createDatasetPrepareAction({
            urlReader,
            storedParameters: config.getOptionalStringArray(
              'scaffolder.ml.storedUrlParameters',
            ),
          }),
          createPackageSourceAction(readPackageSource(config)),
          createTemplateReadAction({ catalog, github }),
          createTemplateRecordAction(),
          createRepositoryUpgradeAction({ github }),
          createRepositoryVariablesAction({ github }),
          createRepositorySettingsAction({ github }),
          createComponentAwaitAction({ catalog }),
          createComponentExplainAction({ inspector, targets }),
        );
      },
    });
  },
});
