// SPDX-License-Identifier: Apache-2.0
import {
  createFrontendPlugin,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import homePlugin from '@backstage/plugin-home/alpha';
import { HomePageWidgetBlueprint } from '@backstage/plugin-home-react/alpha';
import { screen, waitFor } from '@testing-library/react';
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

const BASE_URL = 'http://localhost:7007';

function openHome(
  pageConfig?: object,
  setup?: { proxyPath: string; fetch: typeof fetch },
) {
  return renderTestApp({
    apis: [[fetchApiRef, { fetch: setup?.fetch ?? fetch }]],
    features: [homePlugin, layoutModule, sections],
    config: {
      app: {
        baseUrl: 'http://localhost:3000',
        extensions: [{ 'page:home': { config: { path: '/', ...pageConfig } } }],
      },
      backend: { baseUrl: BASE_URL },
      ...(setup && { home: { setup: { proxyPath: setup.proxyPath } } }),
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

  it('says what is still being set up until it is there, and what did not come', async () => {
    const startedAt = Date.now() - 40_000;
    const model = { id: 'demo-model', title: 'Your first model', startedAt };
    const cluster = { id: 'cluster', title: 'The local cluster', startedAt };
    const answers = [
      [
        { ...model, state: 'running', detail: 'training' },
        {
          ...cluster,
          state: 'running',
          detail: 'Kubernetes and <b>KServe</b>',
          step: 3,
          of: 5,
          minutesLeft: 4,
        },
      ],
      [
        { ...model, state: 'done', detail: 'registered v1' },
        { ...cluster, state: 'failed', detail: 'the disk is full' },
      ],
    ];
    const asked: string[] = [];
    openHome(undefined, {
      proxyPath: '/setup',
      fetch: async input => {
        asked.push(`${input}`);
        return Response.json({ items: answers[Math.min(asked.length, 2) - 1] });
      },
    });
    expect(await screen.findByText(/training, 4\d s/)).toHaveTextContent(
      'Your first model: training',
    );
    expect(screen.getByText(/3 of 5, .*, about 4 min left/)).toHaveTextContent(
      'The local cluster: 3 of 5, Kubernetes and <b>KServe</b>, about 4 min left',
    );
    expect(
      await screen.findByText(/did not come: the disk is full/),
    ).toBeVisible();
    expect(screen.queryByText(/Your first model/)).toBeNull();
    expect(asked).toEqual(Array(2).fill(`${BASE_URL}/api/proxy/setup`));
    // Nothing goes on any more, so nothing is asked.
    await new Promise(resolve => setTimeout(resolve, 2_500));
    expect(asked).toHaveLength(2);
  });

  it('says nothing of a set-up that does not answer', async () => {
    const asked = jest.fn(async () => new Response('', { status: 502 }));
    openHome(undefined, { proxyPath: '/setup', fetch: asked });
    expect(await screen.findByText('Section models')).toBeVisible();
    await waitFor(() => expect(asked).toHaveBeenCalled());
    expect(screen.queryByRole('status')).toBeNull();
  });
});
