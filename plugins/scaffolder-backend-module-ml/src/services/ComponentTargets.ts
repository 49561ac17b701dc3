// SPDX-License-Identifier: Apache-2.0
import type { RepositoryAddress } from './GithubRepositories';
import type { RepositoryMark } from './RepositoryMark';

/** What a component is to be, and by what its repository is recognised. */
export interface ComponentTarget {
  /** Of the component, and of its experiment and registered model. */
  name: string;
  entityRef: string;
  /** Its page in the portal. */
  entityUrl: string;
  repository: RepositoryAddress;
  /** Of the repository. */
  mark: string;
  /** Where it has something in MLflow; the first configured instance by default. */
  mlflow?: { instance?: string };
}

/** Tells what a component of a name is to be. */
export class ComponentTargets {
  readonly #mark: RepositoryMark;
  readonly #appBaseUrl: string;

  constructor(options: {
    mark: RepositoryMark;
    /** `app.baseUrl` */
    appBaseUrl: string;
  }) {
    this.#mark = options.mark;
    this.#appBaseUrl = options.appBaseUrl;
  }

  /** @param repository - named as the component where it has no name */
  of(
    name: string,
    repository: { host: string; owner: string; name?: string },
  ): ComponentTarget {
    const { host, owner } = repository;
    const address = { host, owner, name: repository.name || name };
    return {
      name,
      entityRef: `component:default/${name}`,
      entityUrl: `${this.#appBaseUrl}/catalog/default/component/${name}`,
      repository: address,
      mark: this.#mark.of(address),
    };
  }
}
