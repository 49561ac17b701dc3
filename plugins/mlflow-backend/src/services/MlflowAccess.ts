// SPDX-License-Identifier: Apache-2.0
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import {
  MLFLOW_TAGS,
  readMlflowMark,
  type MlflowInstanceError,
} from '@greenroom/plugin-mlflow-common';
import type { CallerAccess } from './CallerAccess';

/** Something in MLflow that can bear a mark. */
export interface MarkedResource {
  instance: string;
  /** For a sentence, e.g. `experiment 'churn'`: what the caller knows already. */
  label: string;
  /** MLflow's tags of the experiment or registered model. */
  tags: Record<string, string>;
}

/**
 * What one caller may read of MLflow by way of one entity, which they may see.
 * Made once for each request; services get it beside the entity.
 */
export class MlflowAccess {
  readonly #caller: CallerAccess;
  readonly #entity: Entity;

  constructor(caller: CallerAccess, entity: Entity) {
    this.#caller = caller;
    this.#entity = entity;
  }

  /** Page tokens that only this caller can use. */
  get pageTokens() {
    return this.#caller.pageTokens;
  }

  /**
   * Why the caller may not read an experiment or registered model (and the runs
   * and versions in it), undefined where they may. Its mark decides: it must name
   * an entity that the caller may see in the catalog. Where it bears none,
   * configuration decides. The sentence names no owner.
   */
  async check(
    resource: MarkedResource,
  ): Promise<MlflowInstanceError | undefined> {
    const { instance, label, tags } = resource;
    const entityRef = stringifyEntityRef(this.#entity);
    const owners = readMlflowMark(tags);
    if (owners) {
      const visible = await this.#caller.canSee([entityRef, ...owners]);
      if (owners.some(owner => owner === entityRef || visible.has(owner))) {
        return undefined;
      }
    }
    const code = owners ? 'OTHER_COMPONENT' : 'UNMARKED';
    const isRefused = owners !== undefined || !this.#caller.allowsUnmarked;
    const owner = this.#entity.spec?.owner;
    await this.#caller.record({
      entityRef,
      owner: typeof owner === 'string' ? owner : undefined,
      instance,
      resource: label,
      mark: tags[MLFLOW_TAGS.component],
      refused: isRefused ? code : undefined,
    });
    if (!isRefused) {
      return undefined;
    }
    const subject = `The ${label} on MLflow instance '${instance}'`;
    return {
      instance,
      code,
      message: owners
        ? `${subject} is marked (tag ${MLFLOW_TAGS.component}) as that of a component that you may not see, or that does not exist`
        : `${subject} does not say whose it is (tag ${MLFLOW_TAGS.component}), and this portal shows only what does`,
      retryable: false,
    };
  }
}
