import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { MLFLOW_TAGS } from '@greenroom/plugin-mlflow-common';
import {
  authorizeMlflowRead,
  type MlflowService,
} from '@greenroom/plugin-mlflow-node';
import type {
  GithubRepositories,
  RepositoryAddress,
  RepositoryState,
} from './GithubRepositories';

/** The names that a component takes. */
export interface ComponentNames {
  entityRef: string;
  experimentName: string;
  registeredModel: string;
  /** Default: the first configured one. */
  mlflowInstance?: string;
  repository: RepositoryAddress;
}

/** What exists of a component, in the catalog, MLflow and GitHub. */
export interface ComponentState {
  entity?: Entity;
  /** The address in GitHub from which the catalog reads, or is to read, the component. */
  catalogInfoUrl: string;
  /** Whether the catalog reads from there. */
  registered: boolean;
  experiment?: {
    id: string;
    deleted: boolean;
    url: string;
    /** Whom the experiment was made for, by its tag. */
    component?: string;
  };
  registeredModelExists: boolean;
  repository: RepositoryState;
  repositoryUrl: string;
}

/** The branch that holds what the catalog reads. */
export const DEFAULT_BRANCH = 'main';

/** Looks at what exists of a component, and changes nothing. */
export class ComponentInspector {
  readonly #catalog: CatalogService;
  readonly #mlflow: MlflowService;
  readonly #github: GithubRepositories;
  readonly #permissions: PermissionsService;

  constructor(options: {
    catalog: CatalogService;
    mlflow: MlflowService;
    github: GithubRepositories;
    permissions: PermissionsService;
  }) {
    this.#catalog = options.catalog;
    this.#mlflow = options.mlflow;
    this.#github = options.github;
    this.#permissions = options.permissions;
  }

  /** An experiment's page in MLflow. */
  experimentUrl(instance: string | undefined, experimentId: string): string {
    const { webUrl } = this.#mlflow.getClient(instance).instance;
    return `${webUrl}/#/experiments/${encodeURIComponent(experimentId)}`;
  }

  /**
   * Asks the three at once. Each answer is settled on its own: one that does
   * not answer hides nothing that another says.
   */
  async inspect(
    names: ComponentNames,
    options: {
      credentials: BackstageCredentials;
      token?: string;
      signal?: AbortSignal;
    },
  ): Promise<{ state: Partial<ComponentState>; errors: Error[] }> {
    const parts = await Promise.allSettled([
      this.#inspectCatalog(names, options),
      this.#inspectMlflow(names, options),
      this.#inspectGithub(names, options),
    ]);
    const state: Partial<ComponentState> = {};
    const errors: Error[] = [];
    for (const part of parts) {
      if (part.status === 'fulfilled') {
        Object.assign(state, part.value);
      } else {
        errors.push(
          part.reason instanceof Error
            ? part.reason
            : new Error(String(part.reason)),
        );
      }
    }
    return { state, errors };
  }

  async #inspectCatalog(
    names: ComponentNames,
    options: { credentials: BackstageCredentials },
  ): Promise<Pick<ComponentState, 'entity' | 'registered' | 'catalogInfoUrl'>> {
    const { credentials } = options;
    const url = this.#github.webUrl(names.repository);
    const catalogInfoUrl = `${url}/blob/${DEFAULT_BRANCH}/catalog-info.yaml`;
    const [entity, location] = await Promise.all([
      this.#catalog.getEntityByRef(names.entityRef, { credentials }),
      this.#catalog.getLocationByRef(`url:${catalogInfoUrl}`, { credentials }),
    ]);
    return { entity, registered: Boolean(location), catalogInfoUrl };
  }

  async #inspectMlflow(
    names: ComponentNames,
    options: { credentials: BackstageCredentials; signal?: AbortSignal },
  ): Promise<Pick<ComponentState, 'experiment' | 'registeredModelExists'>> {
    await authorizeMlflowRead(this.#permissions, options.credentials);
    const client = this.#mlflow.getClient(names.mlflowInstance);
    const { signal } = options;
    const [experiment, registeredModel] = await Promise.all([
      client.getExperimentByName(names.experimentName, { signal }),
      client.getRegisteredModel(names.registeredModel, { signal }),
    ]);
    return {
      experiment: experiment && {
        id: experiment.experimentId,
        deleted: experiment.lifecycleStage === 'deleted',
        url: this.experimentUrl(names.mlflowInstance, experiment.experimentId),
        component: experiment.tags[MLFLOW_TAGS.component],
      },
      registeredModelExists: Boolean(registeredModel),
    };
  }

  async #inspectGithub(
    names: ComponentNames,
    options: { token?: string; signal?: AbortSignal },
  ): Promise<Pick<ComponentState, 'repository' | 'repositoryUrl'>> {
    return {
      repositoryUrl: this.#github.webUrl(names.repository),
      repository: await this.#github.inspect(names.repository, options),
    };
  }
}
