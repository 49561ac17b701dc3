// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description: 'Tell the pipeline where MLflow is',
    example: stringify({
      steps: [
        {
          id: 'variables',
          name: 'Set the variables of the repository',
          action: 'ml:repository:variables',
          input: {
            repoUrl: 'github.com?owner=my-organisation&repo=churn-model',
            variables: { MLFLOW_TRACKING_URI: 'https://mlflow.example.com' },
          },
        },
      ],
    }),
  },
];
