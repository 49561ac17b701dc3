import type { RepositoryAddress } from './GithubRepositories';
import type { RepositoryMark } from './RepositoryMark';

/** What a model is called in MLflow. */
export interface MlflowNames {
  /** Name of the instance. Default: the first configured one. */
  instance?: string;
  experimentName: string;
  registeredModel: string;
}

/** Experiment and registered model have the component's name. */
export function toMlflowNames<I extends string | undefined>(
  name: string,
  instance: I,
) {
  return { instance, experimentName: name, registeredModel: name };
}

/** What a component is to be, and by what its repository is recognised. */
export interface ComponentTarget {
  entityRef: string;
  /** Its page in the portal. */
  entityUrl: string;
  repository: RepositoryAddress;
  /** Of the repository. */
  mark: string;
  /** Where it has something in MLflow. */
  mlflow?: MlflowNames;
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
      entityRef: `component:default/${name}`,
      entityUrl: `${this.#appBaseUrl}/catalog/default/component/${name}`,
      repository: address,
      mark: this.#mark.of(address),
    };
  }
}
