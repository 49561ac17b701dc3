// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description: 'Record what ml:component:check has judged',
    example: stringify({
      steps: [
        {
          id: 'record',
          name: 'Record what it was made from',
          action: 'ml:template:record',
          input: { values: '${{ steps.check.output.recordedValues }}' },
        },
      ],
    }),
  },
];
