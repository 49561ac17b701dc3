// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import { useSignalledResource } from '@greenroom/ui';
import { triageApiRef } from '../../api';

/** What waits for a person, renewed when it changes. */
export function useInbox() {
  const api = useApi(triageApiRef);
  return useSignalledResource({
    key: 'inbox',
    load: signal => api.getInbox({ signal }),
    getChannel: ({ channel }) => channel,
  });
}
