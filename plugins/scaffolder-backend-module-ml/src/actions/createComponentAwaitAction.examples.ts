// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description: 'After the registration, before the page is linked to',
    example: stringify({
      steps: [
        {
          id: 'await',
          name: 'Wait for the catalog',
          action: 'ml:component:await',
          input: {
            entityRef: '${{ steps.register.output.entityRef }}',
            timeoutSeconds: 30,
          },
        },
      ],
    }),
  },
];
