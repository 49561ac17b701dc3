// SPDX-License-Identifier: Apache-2.0
import type { MlflowPage } from '@greenroom/plugin-mlflow-node';
import type { PageState } from './PageTokens';

/** A page of one source, with where in the source it lies. */
export interface SourcePage<T> {
  source: string;
  page: MlflowPage<T>;
  token?: string;
  skip: number;
}

/**
 * Merges pages of sorted sources into one page of a sorted list, and says where
 * each source goes on. It stops early, with fewer than `pageSize` items, where
 * the next item might be on a page that was not fetched yet.
 */
export function mergePages<T>(
  sources: SourcePage<T>[],
  options: { pageSize: number; compare: (a: T, b: T) => number },
): { items: Array<{ source: string; item: T }>; next: PageState } {
  const heads = sources.map(({ skip }) => skip);
  const items: Array<{ source: string; item: T }> = [];
  while (items.length < options.pageSize) {
    const isStarved = sources.some(
      ({ page }, index) =>
        heads[index] >= page.items.length && page.nextPageToken !== undefined,
    );
    if (isStarved && items.length > 0) {
      break;
    }
    let best: number | undefined;
    sources.forEach(({ page }, index) => {
      if (
        heads[index] < page.items.length &&
        (best === undefined ||
          options.compare(
            page.items[heads[index]],
            sources[best].page.items[heads[best]],
          ) < 0)
      ) {
        best = index;
      }
    });
    if (best === undefined) {
      break;
    }
    const { page, source } = sources[best];
    items.push({ source, item: page.items[heads[best]] });
    heads[best]++;
  }
  const next: PageState = {};
  sources.forEach(({ page, source, token }, index) => {
    if (heads[index] < page.items.length) {
      next[source] = { token, skip: heads[index] };
    } else if (page.nextPageToken !== undefined) {
      next[source] = { token: page.nextPageToken, skip: 0 };
    }
  });
  return { items, next };
}
