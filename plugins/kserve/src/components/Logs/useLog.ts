// SPDX-License-Identifier: Apache-2.0
import { useApi } from '@backstage/frontend-plugin-api';
import type { KserveLogsQuery } from '@greenroom/plugin-kserve-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { kserveApiRef, type KserveServiceRef } from '../../api';
import { useVisible } from '../../hooks/useVisible';
import { LogBuffer, MAX_LINES } from './LogBuffer';

/** Lines that come quicker are drawn together. */
const DRAWN_APART = 200;

export interface Log {
  lines: readonly string[];
  dropped: number;
  state: 'loading' | 'following' | 'ended' | 'failed';
  error?: Error;
  reload: () => void;
}

/**
 * Reads a log while the browser tab is seen. Nothing is read without a `query`.
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
  const [log, setLog] = useState<Omit<Log, 'reload'>>({
    lines: [],
    dropped: 0,
    state: 'loading',
  });
  const key = query && JSON.stringify([service, query]);
  // A log that is not followed was read, also when the tab is hidden.
  const isPaused = !isVisible && query?.follow === true;

  useEffect(() => {
    const { query: asked, service: of } = latest.current;
    if (!key || !asked || isPaused) {
      return undefined;
    }
    const controller = new AbortController();
    const buffer = new LogBuffer();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (state: Log['state'], error?: Error) => {
      clearTimeout(timer);
      timer = undefined;
      if (!controller.signal.aborted) {
        const { dropped, lines } = buffer;
        setLog({ lines: [...lines], dropped, state, error });
      }
    };
    const read = async () => {
      const text = api.readLogs(
        of,
        { ...asked, tailLines: MAX_LINES },
        { signal: controller.signal },
      );
      for await (const piece of text) {
        buffer.append(piece);
        timer ??= setTimeout(
          () => draw(asked.follow ? 'following' : 'loading'),
          DRAWN_APART,
        );
      }
    };
    draw('loading');
    read().then(
      () => draw('ended'),
      error => draw('failed', error),
    );
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [api, key, isPaused, attempt]);

  const reload = useCallback(() => setAttempt(count => count + 1), []);
  return { ...log, reload };
}
