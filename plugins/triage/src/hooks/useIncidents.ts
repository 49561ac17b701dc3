// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import type {
  IncidentsRequest,
  IncidentsResponse,
} from '@greenroom/plugin-triage-common';
import { useState } from 'react';
import { useSignalledResource } from '@greenroom/ui';
import { triageApiRef, type TriageApi } from '../api';

const PAGE = 50;

async function loadPages(
  api: TriageApi,
  options: { request: IncidentsRequest; pages: number; signal: AbortSignal },
): Promise<IncidentsResponse> {
  const { pages, request, signal } = options;
  const ask = (cursor?: string) =>
    api.listIncidents({ ...request, limit: PAGE, cursor }, { signal });
  let answer = await ask();
  for (let page = 1; page < pages && answer.nextCursor; page += 1) {
    const next = await ask(answer.nextCursor);
    answer = { ...next, items: [...answer.items, ...next.items] };
  }
  return answer;
}

/** Incidents that match, in as many pages as were asked for, renewed when they change. */
export function useIncidents(request: IncidentsRequest) {
  const api = useApi(triageApiRef);
  const requestKey = JSON.stringify(request);
  const [asked, setAsked] = useState({ requestKey, pages: 1 });
  const pages = asked.requestKey === requestKey ? asked.pages : 1;
  const resource = useSignalledResource({
    key: `${pages} ${requestKey}`,
    load: signal => loadPages(api, { request, pages, signal }),
    getChannel: ({ channel }) => channel,
  });
  const showMore = () => setAsked({ requestKey, pages: pages + 1 });
  return { ...resource, showMore };
}
