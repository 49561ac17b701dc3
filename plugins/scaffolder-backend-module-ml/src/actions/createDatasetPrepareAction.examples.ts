// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description: 'A data set that comes with scikit-learn',
    example: stringify({
      steps: [
        {
          id: 'data',
          action: 'ml:dataset:prepare',
          input: { name: 'tumour-model', dataset: 'breast_cancer' },
        },
      ],
    }),
  },
  {
    description: 'A table of the owner, read from a repository',
    example: stringify({
      steps: [
        {
          id: 'data',
          action: 'ml:dataset:prepare',
          input: {
            name: 'churn-model',
            dataset: 'csv',
            target: 'churned',
            task: 'classification',
            csvUrl:
              'https://github.com/my-organisation/data/blob/main/churn.csv',
          },
        },
      ],
    }),
  },
];
