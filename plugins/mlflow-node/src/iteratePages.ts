// SPDX-License-Identifier: Apache-2.0
import type { MlflowIterator, MlflowPage } from './types';

/**
 * Iterates over the items of all pages, at most `maxItems`. Ends when a server
 * answers a page token that it has answered before, which would never end.
 *
 * @internal
 */
export async function* iteratePages<T>(
  fetchPage: (pageToken?: string) => Promise<MlflowPage<T>>,
  maxItems = 10_000,
): MlflowIterator<T> {
  const seen = new Set<string>();
  let pageToken: string | undefined;
  let count = 0;
  do {
    const page = await fetchPage(pageToken);
    for (const item of page.items) {
      if (count >= maxItems) {
        return;
      }
      count++;
      yield item;
    }
    pageToken = page.nextPageToken;
    if (pageToken !== undefined && seen.has(pageToken)) {
      return;
    }
    seen.add(pageToken ?? '');
  } while (pageToken !== undefined && count < maxItems);
}
