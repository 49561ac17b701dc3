// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import type { KserveLogsQuery } from '@greenroom/plugin-kserve-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { kserveApiRef, type KserveServiceRef } from '../../api';
import { useVisible } from '../../hooks/useVisible';
import { readLog, type LogState } from './readLog';

export interface Log extends LogState {
  reload: () => void;
}

/**
 * Reads a log; one that is followed, while the browser tab is seen. Nothing is
 * read without a `query`.
 */
export function useLog(
  service: KserveServiceRef,
  query: KserveLogsQuery | undefined,
): Log {
  const api = useApi(kserveApiRef);
  const isVisible = useVisible();
  const latest = useRef({ service, query });
  latest.current = { service, query };
  const [attempt, setAttempt] = useState(0);
  const [log, setLog] = useState<LogState>({
    lines: [],
    dropped: 0,
    state: 'loading',
  });
  const key = query && JSON.stringify([service, query]);
  const isPaused = !isVisible && query?.follow === true;

  useEffect(() => {
    const asked = latest.current;
    if (!key || !asked.query || isPaused) {
      return undefined;
    }
    const controller = new AbortController();
    void readLog({
      api,
      service: asked.service,
      query: asked.query,
      signal: controller.signal,
      onChange: setLog,
    });
    return () => controller.abort();
  }, [api, key, isPaused, attempt]);

  const reload = useCallback(() => setAttempt(count => count + 1), []);
  return { ...log, reload };
}
