// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description: 'As the last step, when one before it failed',
    example: stringify({
      steps: [
        {
          id: 'explain',
          name: 'Say what exists and how to go on',
          if: '${{ failure() }}',
          action: 'ml:component:explain',
          input: {
            name: '${{ parameters.name }}',
            repository: '${{ parameters.repository }}',
          },
        },
      ],
    }),
  },
];
