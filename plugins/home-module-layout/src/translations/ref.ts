// SPDX-License-Identifier: Apache-2.0
import { createTranslationRef } from '@backstage/frontend-plugin-api';

/**
 * Every message of the home page's layout.
 *
 * @public
 */
export const homeLayoutTranslationRef = createTranslationRef({
  id: 'plugin.home-module-layout',
  messages: {
    title: 'Home',
  },
});
