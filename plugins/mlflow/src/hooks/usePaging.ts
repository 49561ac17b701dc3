// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';

export interface Paging {
  /** From 1. */
  page: number;
  pageToken?: string;
  toNext: (pageToken: string) => void;
  toPrevious: () => void;
}

/**
 * Pages whose tokens only lead forward: remembers the way back. Another `key`
 * (a filter, an order) starts at the first page.
 */
export function usePaging(key: string): Paging {
  const [state, setState] = useState<{ key: string; tokens: string[] }>({
    key,
    tokens: [],
  });
  const tokens = state.key === key ? state.tokens : [];
  return {
    page: tokens.length + 1,
    pageToken: tokens.at(-1),
    toNext: pageToken => setState({ key, tokens: [...tokens, pageToken] }),
    toPrevious: () => setState({ key, tokens: tokens.slice(0, -1) }),
  };
}
