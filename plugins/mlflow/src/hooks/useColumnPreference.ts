// SPDX-License-Identifier: Apache-2.0
import { storageApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useCallback, useEffect, useState } from 'react';

/**
 * The columns a person chose for `key`, remembered in their user settings;
 * undefined until they chose.
 */
export function useColumnPreference(key: string) {
  const storage = useApi(storageApiRef).forBucket('plugin.mlflow.columns');
  const [columns, setColumns] = useState<string[] | undefined>(
    () => storage.snapshot<string[]>(key).value,
  );

  useEffect(() => {
    const subscription = storage
      .observe$<string[]>(key)
      .subscribe(snapshot => setColumns(snapshot.value));
    return () => subscription.unsubscribe();
  }, [storage, key]);

  const choose = useCallback(
    (chosen: string[]) => {
      setColumns(chosen);
      return storage.set(key, chosen);
    },
    [storage, key],
  );

  return { columns, choose };
}
