// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description: 'End the making of a repository',
    example: stringify({
      steps: [
        {
          id: 'settings',
          name: 'Finish the repository',
          action: 'ml:repository:settings',
          input: {
            repoUrl: 'github.com?owner=my-organisation&repo=churn-model',
            homepage:
              'https://portal.example.com/catalog/default/component/churn-model',
            topics: ['machine-learning', 'mlflow'],
          },
        },
      ],
    }),
  },
];
