// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description:
      'Read what a model repository was made from, with another threshold',
    example: stringify({
      steps: [
        {
          id: 'read',
          name: 'Read the answers',
          action: 'ml:template:read',
          input: {
            entityRef: 'component:default/churn-model',
            answers: { 'gate.threshold': '0.9' },
          },
        },
      ],
    }),
  },
];
