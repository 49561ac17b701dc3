// SPDX-License-Identifier: Apache-2.0
import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { HomePageLayoutBlueprint } from '@backstage/plugin-home-react/alpha';

const homePageLayout = HomePageLayoutBlueprint.make({
  params: {
    loader: () =>
      import('./components/HomePageLayout').then(m => m.HomePageLayout),
  },
});

/**
 * Gives the home page of `@backstage/plugin-home` a layout of sections, one
 * below the other, in place of its grid.
 *
 * @public
 */
export default createFrontendModule({
  pluginId: 'home',
  extensions: [homePageLayout],
});
