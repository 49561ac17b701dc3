// SPDX-License-Identifier: Apache-2.0
import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** The words of the elements. @public */
export const uiTranslationRef = createTranslationRef({
  id: 'greenroom.ui',
  messages: {
    copy: { copy: 'Copy', copied: 'Copied' },
    dashboard: { open: 'Dashboard' },
    link: { opensInNewTab: '{{name}} (opens in a new tab)' },
  },
});
