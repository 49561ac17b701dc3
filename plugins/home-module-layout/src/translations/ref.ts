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
    'setup.title': 'What is still being set up',
    'setup.step': '{{step}} of {{of}}',
    'setup.minutesLeft_one': 'about {{count}} min left',
    'setup.minutesLeft_other': 'about {{count}} min left',
    'setup.seconds_one': '{{count}} s',
    'setup.seconds_other': '{{count}} s',
    'setup.minutes_one': '{{count}} min',
    'setup.minutes_other': '{{count}} min',
    'setup.failed': 'did not come: {{detail}}',
  },
});
