// SPDX-License-Identifier: Apache-2.0
import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { toError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { MLFLOW_TAGS } from '@greenroom/plugin-mlflow-common';
import {
  authorizeMlflowRead,
  toMlflowPageUrl,
  type MlflowService,
} from '@greenroom/plugin-mlflow-node';
import type { ComponentTarget } from './ComponentTargets';
import type { GithubRepositories, RepositoryState } from './GithubRepositories';

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
const DEFAULT_BRANCH = 'main';

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

  /**
   * Asks the three at once (MLflow, where the target is to have something there). Each answer is settled on its own: one that does
   * not answer hides nothing that another says.
   */
  async inspect(
    target: ComponentTarget,
    options: {
      credentials: BackstageCredentials;
      token?: string;
      signal?: AbortSignal;
    },
  ): Promise<{ state: Partial<ComponentState>; errors: Error[] }> {
    const parts = await Promise.allSettled([
      this.#inspectCatalog(target, options),
      this.#inspectMlflow(target, options),
      this.#inspectGithub(target, options),
    ]);
    const state: Partial<ComponentState> = {};
    const errors: Error[] = [];
    for (const part of parts) {
      if (part.status === 'fulfilled') {
        Object.assign(state, part.value);
      } else {
        errors.push(toError(part.reason));
      }
    }
    return { state, errors };
  }

  async #inspectCatalog(
    target: ComponentTarget,
    options: { credentials: BackstageCredentials },
  ): Promise<Pick<ComponentState, 'entity' | 'registered' | 'catalogInfoUrl'>> {
    const { credentials } = options;
    const url = this.#github.webUrl(target.repository);
    const catalogInfoUrl = `${url}/blob/${DEFAULT_BRANCH}/catalog-info.yaml`;
    const [entity, location] = await Promise.all([
      this.#catalog.getEntityByRef(target.entityRef, { credentials }),
      this.#catalog.getLocationByRef(`url:${catalogInfoUrl}`, { credentials }),
    ]);
    return { entity, registered: Boolean(location), catalogInfoUrl };
  }

  async #inspectMlflow(
    { name, mlflow }: ComponentTarget,
    options: { credentials: BackstageCredentials; signal?: AbortSignal },
  ): Promise<
    Partial<Pick<ComponentState, 'experiment' | 'registeredModelExists'>>
  > {
    if (!mlflow) {
      return {};
    }
    await authorizeMlflowRead(this.#permissions, options.credentials);
    const client = this.#mlflow.getClient(mlflow.instance);
    const { signal } = options;
    const [experiment, registeredModel] = await Promise.all([
      client.getExperimentByName(name, { signal }),
      client.getRegisteredModel(name, { signal }),
    ]);
    return {
      experiment: experiment && {
        id: experiment.experimentId,
        deleted: experiment.lifecycleStage === 'deleted',
        url: toMlflowPageUrl(
          client.instance,
          'experiments',
          experiment.experimentId,
        ),
        component: experiment.tags[MLFLOW_TAGS.component],
      },
      registeredModelExists: Boolean(registeredModel),
    };
  }

  async #inspectGithub(
    target: ComponentTarget,
    options: { token?: string; signal?: AbortSignal },
  ): Promise<Pick<ComponentState, 'repository' | 'repositoryUrl'>> {
    return {
      repositoryUrl: this.#github.webUrl(target.repository),
      repository: await this.#github.inspect(target.repository, options),
    };
  }
}
