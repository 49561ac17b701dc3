import { useCallback, useEffect, useRef, useState } from 'react';

const FAST = 5_000;
const SLOW = 60_000;

export interface PolledResource<T> {
  /** The last answer; kept while a newer one is awaited, and when one fails. */
  value?: T;
  /** Why the last request failed; cleared by the next answer. */
  error?: Error;
  /** Whether a person waits: for the first answer, another key's, or a retry. */
  isPending: boolean;
  retry: () => void;
}

/**
 * Loads a resource, and again while the browser tab is visible: every 5 s while
 * `isChanging` says that news is near, else every 60 s. `key` names what is
 * loaded; another key loads at once. Requests are cancelled on unmount.
 */
export function usePolledResource<T>(options: {
  key: string;
  load: (signal: AbortSignal) => Promise<T>;
  isChanging: (value: T) => boolean;
}): PolledResource<T> {
  const { key } = options;
  const latest = useRef(options);
  latest.current = options;
  const [state, setState] = useState<{ value?: T; error?: Error }>({});
  const [settled, setSettled] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  const request = `${attempt}:${key}`;

  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let dueAt = 0;

    function schedule() {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') {
        timer = setTimeout(refresh, Math.max(dueAt - Date.now(), 0));
      }
    }
    function settle(next: { value?: T; error?: Error }, delay: number) {
      if (controller.signal.aborted) {
        return;
      }
      setState(previous => ({ ...previous, error: undefined, ...next }));
      setSettled(request);
      dueAt = Date.now() + delay;
      document.addEventListener('visibilitychange', schedule);
      schedule();
    }
    function refresh() {
      // Until the answer is there, a visible tab has nothing to schedule.
      document.removeEventListener('visibilitychange', schedule);
      latest.current.load(controller.signal).then(
        value =>
          settle({ value }, latest.current.isChanging(value) ? FAST : SLOW),
        error => settle({ error }, SLOW),
      );
    }

    refresh();
    return () => {
      controller.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', schedule);
    };
  }, [request]);

  const retry = useCallback(() => setAttempt(count => count + 1), []);
  return { ...state, isPending: settled !== request, retry };
}
