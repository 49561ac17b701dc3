// SPDX-License-Identifier: Apache-2.0
import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import {
  HomePageWidgetBlueprint,
  type ComponentParts,
} from '@backstage/plugin-home-react/alpha';
import { RiFlaskLine, RiPulseLine } from '@remixicon/react';
import { DefaultMlflowApi, mlflowApiRef } from './api';
import { isModel } from './isModel';
import {
  catalogEntityRouteRef,
  createModelRouteRef,
  driftRouteRef,
  trainingRouteRef,
} from './routes';

const mlflowApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: mlflowApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new DefaultMlflowApi({ fetchApi }),
    }),
});

const trainingCard = EntityCardBlueprint.make({
  name: 'training',
  params: {
    filter: isModel,
    type: 'content',
    loader: () =>
      import('./components/TrainingCard').then(m => <m.TrainingCard />),
  },
});

const trainingTab = EntityContentBlueprint.make({
  name: 'training',
  params: {
    path: '/training',
    title: 'Training',
    icon: <RiFlaskLine />,
    routeRef: trainingRouteRef,
    filter: isModel,
    loader: () =>
      import('./components/TrainingTab').then(m => <m.TrainingTab />),
  },
});

const driftTab = EntityContentBlueprint.make({
  name: 'drift',
  params: {
    path: '/drift',
    title: 'Drift',
    icon: <RiPulseLine />,
    routeRef: driftRouteRef,
    filter: isModel,
    loader: () => import('./components/DriftTab').then(m => <m.DriftTab />),
  },
});

const modelsWidget = HomePageWidgetBlueprint.make({
  name: 'models',
  params: {
    name: 'MlflowModels',
    title: 'Your models',
    description: 'The models you own, and what needs attention',
    layout: { width: { minColumns: 6 }, height: { minRows: 6 } },
    components: () =>
      import('./components/ModelsWidget').then(m => ({
        Content: m.ModelsWidget,
      })),
    // The widget brings its own heading and cards.
    componentProps: {
      Renderer: ({ Content }: ComponentParts) => <Content />,
    },
  },
});

/**
 * MLflow's runs and registered model versions: the Training tab and card of
 * entity pages, and the signed-in user's models on the home page.
 *
 * @public
 */
export default createFrontendPlugin({
  pluginId: 'mlflow',
  title: 'MLflow',
  icon: <RiFlaskLine />,
  info: { packageJson: () => import('../package.json') },
  extensions: [mlflowApi, trainingCard, trainingTab, driftTab, modelsWidget],
  routes: { training: trainingRouteRef, drift: driftRouteRef },
  externalRoutes: {
    catalogEntity: catalogEntityRouteRef,
    createModel: createModelRouteRef,
  },
});
