// SPDX-License-Identifier: Apache-2.0
import type { MlflowPage } from './types';

/**
 * One page of those items that are wanted, read from so many pages of a list
 * that the server cannot filter, at most `maxPages`. May hold more than
 * `atLeast` items, and fewer although there is a next page.
 *
 * @internal
 */
export async function collectPage<T>(
  fetchPage: (pageToken?: string) => Promise<MlflowPage<T>>,
  options: {
    isWanted: (item: T) => boolean;
    atLeast: number;
    pageToken?: string;
    maxPages?: number;
  },
): Promise<MlflowPage<T>> {
  const { atLeast, isWanted, maxPages = 10 } = options;
  const items: T[] = [];
  const unreadable: string[] = [];
  let { pageToken } = options;
  for (let pages = 0; pages < maxPages && items.length < atLeast; pages++) {
    const page = await fetchPage(pageToken);
    items.push(...page.items.filter(isWanted));
    unreadable.push(...(page.unreadable ?? []));
    pageToken = page.nextPageToken;
    if (pageToken === undefined) {
      break;
    }
  }
  return {
    items,
    nextPageToken: pageToken,
    unreadable: unreadable.length > 0 ? unreadable : undefined,
  };
}
