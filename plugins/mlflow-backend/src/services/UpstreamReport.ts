import type { MlflowInstanceError } from '@greenroom/plugin-mlflow-common';
import type { CachedAnswer } from './ReadCache';

/**
 * Collects what went wrong upstream while an answer is put together: one row
 * for each instance and reason, and how old the oldest part is.
 */
export class UpstreamReport {
  readonly #errors = new Map<string, MlflowInstanceError>();
  #staleSince?: number;

  /** Notes the failure, if there is one, and hands on what is known. */
  async take<T>(answer: Promise<CachedAnswer<T>>): Promise<{ value?: T }> {
    const settled = await answer;
    if (settled.error) {
      this.add(settled.error);
    }
    if (!settled.known) {
      return {};
    }
    if (settled.error) {
      this.#staleSince = Math.min(
        settled.fetchedAt,
        this.#staleSince ?? Infinity,
      );
    }
    return { value: settled.value };
  }

  add(error: MlflowInstanceError): void {
    const isAboutInstance = error.retryable || error.since !== undefined;
    const key = JSON.stringify([
      error.instance,
      error.code,
      isAboutInstance ? '' : error.message,
    ]);
    const earlier = this.#errors.get(key);
    const since = Math.min(error.since ?? Infinity, earlier?.since ?? Infinity);
    this.#errors.set(key, {
      ...error,
      since: Number.isFinite(since) ? since : undefined,
    });
  }

  include(other: { errors: MlflowInstanceError[]; staleSince?: number }): void {
    other.errors.forEach(error => this.add(error));
    if (other.staleSince !== undefined) {
      this.#staleSince = Math.min(
        other.staleSince,
        this.#staleSince ?? Infinity,
      );
    }
  }

  toJSON(): { errors: MlflowInstanceError[]; staleSince?: number } {
    return { errors: [...this.#errors.values()], staleSince: this.#staleSince };
  }
}
