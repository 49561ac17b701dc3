// SPDX-License-Identifier: Apache-2.0
import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import homePlugin from '@backstage/plugin-home/alpha';
import { HomePageWidgetBlueprint } from '@backstage/plugin-home-react/alpha';
import { screen } from '@testing-library/react';
import layoutModule from '.';

function createSection(name: string) {
  return HomePageWidgetBlueprint.make({
    name,
    params: {
      name,
      components: async () => ({ Content: () => <p>Section {name}</p> }),
      componentProps: {
        Renderer: ({ Content }: { Content: () => JSX.Element }) => <Content />,
      },
    },
  });
}

const sections = createFrontendPlugin({
  pluginId: 'sections',
  extensions: [createSection('models'), createSection('inbox')],
});

function openHome(pageConfig?: object) {
  return renderTestApp({
    features: [homePlugin, layoutModule, sections],
    config: {
      app: {
        baseUrl: 'http://localhost:3000',
        extensions: [{ 'page:home': { config: { path: '/', ...pageConfig } } }],
      },
      backend: { baseUrl: 'http://localhost:7007' },
    },
  });
}

describe('home page layout', () => {
  it('shows what plugins contribute, and none of the catalogue of widgets', async () => {
    openHome();
    expect(
      await screen.findByRole('heading', { level: 1, name: 'Home' }),
    ).toBeVisible();
    expect(await screen.findByText('Section models')).toBeVisible();
    expect(await screen.findByText('Section inbox')).toBeVisible();
    expect(screen.queryByText(/World Clocks|Random Joke|Toolkit/)).toBeNull();
  });

  it('shows what the configuration lists, by row', async () => {
    const place = (component: string, row: number) => ({
      component,
      row,
      column: 0,
      width: 12,
      height: 4,
    });
    openHome({
      defaultConfig: [
        place('models', 2),
        place('HomePageToolkit', 1),
        place('unknown', 0),
      ],
    });
    const toolkit = await screen.findByText('Toolkit');
    const models = await screen.findByText('Section models');
    expect(
      toolkit.compareDocumentPosition(models) &
        Node.DOCUMENT_POSITION_FOLLOWING,
    ).toBeTruthy();
    expect(screen.queryByText('Section inbox')).toBeNull();
  });
});
