// SPDX-License-Identifier: Apache-2.0
import type { WorkflowDispatcher } from '@greenroom/plugin-triage-node';
import type { CatalogRepositories } from '../../services/CatalogRepositories';
import { toRepositoryKey, type Repository } from '../../services/Repository';
import { toPlainText } from '../../services/toPlainText';
import type { RolloutFindings, ServedObjects } from './ServedObjects';

const MAX_REPOSITORIES = 5;

/** Looks for a rollout or rollback that a training must not meet: in the clusters, and among open pull requests. */
export class Rollouts {
  readonly #catalog: CatalogRepositories;
  readonly #served: ServedObjects;

  constructor(options: {
    catalog: CatalogRepositories;
    served: ServedObjects;
  }) {
    this.#catalog = options.catalog;
    this.#served = options.served;
  }

  /** @throws RetryLaterError where a cluster or GitHub does not answer */
  async find(options: {
    entityRef: string;
    /** The model's own. */
    repository: Repository;
    dispatcher: WorkflowDispatcher | undefined;
    signal: AbortSignal;
  }): Promise<RolloutFindings> {
    const { dispatcher, entityRef, repository, signal } = options;
    const entity = await this.#catalog.findEntity(entityRef);
    if (!entity) {
      return {
        reasons: ['the catalog does not have the model any more'],
        figures: [],
      };
    }
    const served = await this.#served.find(entity, signal);
    const { figures, reasons } = served;
    const manifests = [
      ...served.repositories.flatMap(url => toRepository(url) ?? []),
      ...(await this.#catalog.listGitops(repository)),
    ];
    const asked = new Map(
      [repository, ...manifests].map(each => [toRepositoryKey(each), each]),
    );
    for (const each of [...asked.values()].slice(0, MAX_REPOSITORIES)) {
      const isOwn = toRepositoryKey(each) === toRepositoryKey(repository);
      const rollbacks = await dispatcher?.listRollbacks?.({
        ...each,
        ...(!isOwn && { model: entity.metadata.name }),
        signal,
      });
      const words = rollbacks?.map(number => `#${number}`).join(', ');
      figures.push(
        `pull requests of ${each.repository} that roll back: ${words === undefined ? 'not known' : words || 'none'}`,
      );
      reasons.push(
        ...(rollbacks ?? []).map(
          number => `pull request #${number} of ${each.repository} rolls back`,
        ),
      );
    }
    return {
      reasons: reasons.map(toPlainText),
      figures: figures.map(toPlainText),
    };
  }
}

/** Of the address that Argo CD reads; undefined where it is of no such form. */
function toRepository(address: string): Repository | undefined {
  try {
    const { host, hostname, pathname, protocol } = new URL(
      address.replace(/^git@([^:/]+):/, 'ssh://git@$1/'),
    );
    const repository = pathname
      .slice(1)
      .replace(/\/$/, '')
      .replace(/\.git$/, '');
    return /^[\w.-]+\/[\w.-]+$/.test(repository)
      ? { host: protocol === 'ssh:' ? hostname : host, repository }
      : undefined;
  } catch {
    return undefined;
  }
}
