// SPDX-License-Identifier: Apache-2.0
import type { FilterPredicate } from '@backstage/filter-predicates';
import { KSERVE_INFERENCE_SERVICE_ANNOTATION } from '@greenroom/plugin-kserve-common';

/** Components of type ml-model, and those that name an inference service. */
export const isServed: FilterPredicate = {
  $all: [
    { kind: 'component' },
    {
      $any: [
        { 'spec.type': 'ml-model' },
        {
          [`metadata.annotations.${KSERVE_INFERENCE_SERVICE_ANNOTATION}` as const]:
            { $exists: true },
        },
      ],
    },
  ],
};
