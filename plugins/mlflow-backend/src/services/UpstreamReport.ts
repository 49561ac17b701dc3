// SPDX-License-Identifier: Apache-2.0
import type { MlflowInstanceError } from '@greenroom/plugin-mlflow-common';
import type { MlflowPage } from '@greenroom/plugin-mlflow-node';
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

  /** As `take`, and says how much of the page cannot be read, and where. */
  async takePage<T extends { unreadable?: string[] }>(
    answer: Promise<CachedAnswer<MlflowPage<T>>>,
    of: { instance: string; noun: 'runs' | 'versions' },
  ): Promise<{ value?: MlflowPage<T> }> {
    const { value: page } = await this.take(answer);
    const left = page?.unreadable ?? [];
    const total = left.length + (page?.items.length ?? 0);
    if (left.length > 0) {
      const place = left[0].replace(/^\d+\.?/, '') || 'all of it';
      this.#addUnreadable(
        of.instance,
        `${left.length} of ${total} ${of.noun} cannot be read (${place})`,
      );
    }
    const parts = page?.items.filter(({ unreadable }) => unreadable) ?? [];
    if (parts.length > 0) {
      const place = parts[0].unreadable?.[0];
      this.#addUnreadable(
        of.instance,
        `${parts.length} of ${total} ${of.noun} can be read in part only (${place})`,
      );
    }
    return { value: page };
  }

  /** As `take`, and says where a part of it cannot be read. */
  async takeOne<T extends { unreadable?: string[] }>(
    answer: Promise<CachedAnswer<T | undefined>>,
    of: { instance: string; label: string },
  ): Promise<{ value?: T }> {
    const { value } = await this.take(answer);
    if (value?.unreadable) {
      this.#addUnreadable(
        of.instance,
        `The ${of.label} can be read in part only (${value.unreadable[0]})`,
      );
    }
    return { value };
  }

  #addUnreadable(instance: string, message: string): void {
    this.add({ instance, code: 'UNREADABLE_ITEMS', message, retryable: false });
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
