// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description: 'After the code is written',
    example: stringify({
      steps: [
        {
          id: 'package',
          name: 'Say where greenroom-ml comes from',
          action: 'ml:package:source',
        },
      ],
    }),
  },
];
