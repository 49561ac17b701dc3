// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import { triageApiRef } from '../../api';
import { useSignalledResource } from '../../hooks/useSignalledResource';

/** What waits for a person, renewed when it changes. */
export function useInbox() {
  const api = useApi(triageApiRef);
  return useSignalledResource({
    key: 'inbox',
    load: signal => api.getInbox({ signal }),
    getChannel: ({ channel }) => channel,
  });
}
