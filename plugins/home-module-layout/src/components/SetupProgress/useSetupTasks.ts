// SPDX-License-Identifier: Apache-2.0
import {
  configApiRef,
  discoveryApiRef,
  fetchApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import { useEffect, useState } from 'react';
import { z } from 'zod';

const POLL_MS = 2_000;

const taskSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  detail: z.string(),
  /** ms since 1970. */
  startedAt: z.number(),
  step: z.number().optional(),
  of: z.number().optional(),
  minutesLeft: z.number().optional(),
});
const answerSchema = z.object({ items: z.array(taskSchema) });

/** Something that an installation still sets up. */
export type SetupTask = z.infer<typeof taskSchema>;

/**
 * What goes on, asked every two seconds as long as something does and the page
 * is seen; nothing where `home.setup` is not configured.
 */
export function useSetupTasks(): SetupTask[] {
  const path = useApi(configApiRef).getOptionalString('home.setup.proxyPath');
  const discoveryApi = useApi(discoveryApiRef);
  const fetchApi = useApi(fetchApiRef);
  const [tasks, setTasks] = useState<SetupTask[]>([]);

  useEffect(() => {
    if (!path) {
      return undefined;
    }
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const response = await fetchApi.fetch(
        `${await discoveryApi.getBaseUrl('proxy')}${path}`,
        { signal: abort.signal },
      );
      return response.ok ? answerSchema.parse(await response.json()).items : [];
    };
    const follow = async () => {
      clearTimeout(timer);
      if (document.hidden) {
        return;
      }
      // Whoever does not answer has nothing to show; the page goes on without it.
      const items = await ask().catch(() => []);
      if (abort.signal.aborted) {
        return;
      }
      setTasks(items);
      if (items.some(({ state }) => state === 'running')) {
        timer = setTimeout(follow, POLL_MS);
      }
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', follow);
    };
  }, [discoveryApi, fetchApi, path]);

  return tasks;
}
