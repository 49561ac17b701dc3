// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description: 'Make sure that a component has an experiment',
    example: stringify({
      steps: [
        {
          id: 'experiment',
          name: 'Make sure that the MLflow experiment exists',
          action: 'mlflow:experiment:ensure',
          input: {
            name: 'churn-model',
            tags: { 'mlflow.note.content': 'Predicts which customers leave.' },
          },
        },
      ],
    }),
  },
  {
    description: 'In another instance than the default one',
    example: stringify({
      steps: [
        {
          id: 'experiment',
          action: 'mlflow:experiment:ensure',
          input: { instance: 'eu', name: 'churn-model' },
        },
      ],
    }),
  },
];
