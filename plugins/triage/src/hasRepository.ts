// SPDX-License-Identifier: Apache-2.0
import type { FilterPredicate } from '@backstage/filter-predicates';

/** Entities that name their GitHub repository. */
export const hasRepository: FilterPredicate = {
  'metadata.annotations.github.com/project-slug': { $exists: true },
};
