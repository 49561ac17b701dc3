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
];
