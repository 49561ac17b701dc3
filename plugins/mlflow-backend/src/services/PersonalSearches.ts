// SPDX-License-Identifier: Apache-2.0
import { MlflowClientError } from '@greenroom/plugin-mlflow-node';
import pLimit from 'p-limit';

// Fewer than `mlflow.instances[].maxConcurrent` allows by default, so that slow
// searches leave room for everyone's pages.
const CONCURRENT = 3;
const MAX_WAITING = 12;

/** Runs the searches that people make up, a few at a time for each instance. */
export class PersonalSearches {
  readonly #limits = new Map<string, ReturnType<typeof pLimit>>();

  async run<T>(instance: string, search: () => Promise<T>): Promise<T> {
    const limit = this.#limits.get(instance) ?? pLimit(CONCURRENT);
    this.#limits.set(instance, limit);
    if (limit.pendingCount >= MAX_WAITING) {
      throw new MlflowClientError({
        instance,
        code: 'RATE_LIMITED',
        message: `Too many searches wait for MLflow instance '${instance}': try again in a moment`,
      });
    }
    return limit(search);
  }
}
