// SPDX-License-Identifier: Apache-2.0
import {
  translationApiRef,
  type ApiHolder,
  type TranslationFunction,
} from '@backstage/frontend-plugin-api';
import { scaffolderModuleMlTranslationRef } from './ref';

/** Looks up the words of this package. */
export type Translate = TranslationFunction<
  typeof scaffolderModuleMlTranslationRef.T
>;

/** The words for code that runs outside of React, such as a field's validation. */
export async function getTranslation(apiHolder: ApiHolder): Promise<Translate> {
  const api = apiHolder.get(translationApiRef);
  if (!api) {
    throw new Error('The app provides no translation API');
  }
  const snapshot = api.getTranslation(scaffolderModuleMlTranslationRef);
  if (snapshot.ready) {
    return snapshot.t;
  }
  return new Promise((resolve, reject) => {
    const subscription = api
      .translation$(scaffolderModuleMlTranslationRef)
      .subscribe({
        next: loaded => {
          if (loaded.ready) {
            resolve(loaded.t);
            subscription.unsubscribe();
          }
        },
        error: reject,
      });
  });
}
