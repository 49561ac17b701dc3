// SPDX-License-Identifier: Apache-2.0
import {
  SearchFilterResultTypeBlueprint,
  SearchResultListItemBlueprint,
} from '@backstage/plugin-search-react/alpha';
import { RiStethoscopeLine } from '@remixicon/react';

const TYPE = 'triage';

/** A report among the results of a search. */
export const searchResult = SearchResultListItemBlueprint.make({
  params: {
    icon: <RiStethoscopeLine />,
    predicate: ({ type }) => type === TYPE,
    component: () =>
      import('./components/SearchResult').then(m => m.TriageSearchResult),
  },
});

/** Searches reports only. */
export const searchResultType = SearchFilterResultTypeBlueprint.make({
  params: {
    value: TYPE,
    name: 'Triage reports',
    icon: <RiStethoscopeLine />,
  },
});
