// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import { useSignalledResource } from '@greenroom/ui';
import { kserveApiRef } from '../api';

/** All that is known of an entity's inference services, renewed when it changes. */
export function useServing(entityRef: string) {
  const api = useApi(kserveApiRef);
  return useSignalledResource({
    key: entityRef,
    load: signal => api.listInferenceServices(entityRef, { signal }),
    getChannel: ({ signalChannel }) => signalChannel,
  });
}
