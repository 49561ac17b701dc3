// SPDX-License-Identifier: Apache-2.0
import { toError } from '@backstage/errors';
import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { IncidentDetails } from '@greenroom/plugin-triage-common';
import { useState } from 'react';
import { useSignalledResource } from '@greenroom/ui';
import { getErrorWords, triageApiRef, type TriageApi } from '../api';

/** What a person does about an incident; true when it was done. */
export type Act = (
  action: (api: TriageApi) => Promise<IncidentDetails>,
) => Promise<boolean>;

/** All that is known of an incident, renewed when it changes, and what can be done about it. */
export function useIncident(id: string) {
  const api = useApi(triageApiRef);
  const toasts = useApi(toastApiRef);
  const [isActing, setIsActing] = useState(false);
  const resource = useSignalledResource({
    key: id,
    load: signal => api.getIncident(id, { signal }),
    getChannel: ({ channel }) => channel,
  });
  const { retry } = resource;

  const act: Act = async action => {
    setIsActing(true);
    try {
      await action(api);
      retry();
      return true;
    } catch (error) {
      toasts.post({
        title: getErrorWords(toError(error)).message,
        status: 'danger',
      });
      return false;
    } finally {
      setIsActing(false);
    }
  };
  return { ...resource, act, isActing };
}
