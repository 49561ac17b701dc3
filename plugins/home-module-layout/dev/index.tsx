// SPDX-License-Identifier: Apache-2.0
import { createDevApp } from '@backstage/frontend-dev-utils';
import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import homePlugin from '@backstage/plugin-home/alpha';
import { HomePageWidgetBlueprint } from '@backstage/plugin-home-react/alpha';
import { Text } from '@backstage/ui';
import layoutModule from '../src';

function createSection(name: string, title: string) {
  return HomePageWidgetBlueprint.make({
    name,
    params: {
      name,
      title,
      components: async () => ({
        Content: () => <Text>What {name} has to say.</Text>,
      }),
    },
  });
}

createDevApp({
  features: [
    homePlugin,
    layoutModule,
    createFrontendPlugin({
      pluginId: 'sections',
      extensions: [
        createSection('models', 'Models'),
        createSection('inbox', 'Inbox'),
      ],
    }),
  ],
});
