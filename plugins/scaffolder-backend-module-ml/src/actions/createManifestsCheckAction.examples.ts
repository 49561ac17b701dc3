// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';

export const examples = [
  {
    description: 'Check everything before a GitOps repository is made',
    example: stringify({
      steps: [
        {
          id: 'check',
          name: 'Check the names',
          action: 'ml:manifests:check',
          input: {
            name: 'infra-manifests',
            description: 'What runs in the cluster.',
            owner: 'group:default/ml-platform',
            teams: ['group:default/crm'],
            repository: { host: 'github.com', owner: 'my-organisation' },
            settings: { environments: 'dev-prod' },
          },
        },
      ],
    }),
  },
];
