// SPDX-License-Identifier: Apache-2.0
import { appLanguageApiRef, useApi } from '@backstage/frontend-plugin-api';

/**
 * The locale for numbers and times: the portal's language, in the reader's own
 * regional form where the browser states one.
 *
 * @public
 */
export function useLocale() {
  const { language } = useApi(appLanguageApiRef).getLanguage();
  return (
    navigator.languages.find(
      locale => locale === language || locale.startsWith(`${language}-`),
    ) ?? language
  );
}
