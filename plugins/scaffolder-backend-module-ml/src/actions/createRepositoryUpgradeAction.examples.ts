// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description: 'Open a pull request with what the steps before have rendered',
    example: stringify({
      steps: [
        {
          id: 'upgrade',
          name: 'Open the pull request',
          action: 'ml:repository:upgrade',
          input: {
            repoUrl: '${{ steps.read.output.repoUrl }}',
            base: '${{ steps.read.output.base }}',
          },
        },
      ],
    }),
  },
];
