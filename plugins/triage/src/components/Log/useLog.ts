// SPDX-License-Identifier: Apache-2.0
import { toError } from '@backstage/errors';
import { useApi } from '@backstage/frontend-plugin-api';
import { useCallback, useEffect, useRef, useState } from 'react';
import { triageApiRef } from '../../api';
import { EMPTY_LOG, addLines } from './logState';

const PAGE = 5_000;
const STEP = PAGE / 2;

/** The first line of a page in which a line stands with many before it. */
function getStart(line: number) {
  return Math.max(Math.floor((line - 1) / STEP) * STEP + 1 - STEP, 1);
}

/** Reads a kept log around a line; earlier and later ones on demand. */
export function useLog(incidentId: string, job: string, line: number) {
  const api = useApi(triageApiRef);
  const [state, setState] = useState(EMPTY_LOG);
  const controller = useRef<AbortController>();
  const start = getStart(line);

  const load = useCallback(
    async (from: number, limit: number) => {
      const { signal } = controller.current ?? new AbortController();
      setState(previous => ({
        ...previous,
        isLoading: true,
        error: undefined,
      }));
      try {
        const asked = { job, from, limit };
        const log = await api.getLog(incidentId, asked, { signal });
        if (!signal.aborted) {
          setState(previous => addLines(previous, log, { from, limit }));
        }
      } catch (error) {
        if (!signal.aborted) {
          setState(previous => ({
            ...previous,
            isLoading: false,
            error: toError(error),
          }));
        }
      }
    },
    [api, incidentId, job],
  );

  useEffect(() => {
    controller.current = new AbortController();
    setState(EMPTY_LOG);
    void load(start, PAGE);
    return () => controller.current?.abort();
  }, [load, start]);

  const { from, to, total } = state;
  const earlier = Math.max(from - PAGE, 1);
  return {
    ...state,
    retry: () => load(start, PAGE),
    loadEarlier: from > 1 ? () => load(earlier, from - earlier) : undefined,
    loadLater: to > 0 && to < total ? () => load(to + 1, PAGE) : undefined,
  };
}
