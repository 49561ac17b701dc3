// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description: 'Check everything before a model component is made',
    example: stringify({
      steps: [
        {
          id: 'check',
          name: 'Check that the names are free',
          action: 'ml:component:check',
          input: {
            name: 'churn-model',
            description: 'Predicts which customers will leave.',
            owner: 'group:default/crm',
            repository: { host: 'github.com', owner: 'my-organisation' },
            gate: {
              task: 'classification',
              metric: 'accuracy',
              threshold: 0.9,
            },
            data: {
              dataset: 'breast_cancer',
              target: 'target',
              task: 'classification',
            },
          },
        },
      ],
    }),
  },
  {
    description: 'With another framework, on a GPU, and a canary',
    example: stringify({
      steps: [
        {
          id: 'check',
          name: 'Check that the names are free',
          action: 'ml:component:check',
          input: {
            name: 'churn-model',
            description: 'Predicts which customers will leave.',
            owner: 'group:default/crm',
            repository: { host: 'github.com', owner: 'my-organisation' },
            gate: {
              task: 'classification',
              metric: 'accuracy',
              threshold: 0.9,
            },
            data: {
              dataset: 'breast_cancer',
              target: 'target',
              task: 'classification',
            },
            model: { framework: 'pytorch' },
            delivery: {
              environments: 'dev-staging-prod',
              canary: 'http-route',
              gpu: true,
            },
          },
        },
      ],
    }),
  },
];
