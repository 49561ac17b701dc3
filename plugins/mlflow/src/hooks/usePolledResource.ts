// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState } from 'react';
import type { MlflowRequestOptions, Pace } from '../api';
import { pollResource, type Answer } from './pollResource';

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
 * Loads a resource, and again for as long as the page is open and visible, as
 * soon as `getPace` says that news is near (see `pollResource`). `key` names what
 * is loaded; another key loads at once. Requests are cancelled on unmount.
 */
export function usePolledResource<T>(options: {
  key: string;
  load: (options: MlflowRequestOptions) => Promise<T>;
  getPace: (answer: Answer<T>) => Pace;
}): PolledResource<T> {
  const latest = useRef(options);
  latest.current = options;
  const [state, setState] = useState<Answer<T>>({});
  const [settled, setSettled] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  const startedAttempt = useRef(0);
  const [openedAt] = useState(() => Date.now());
  const request = `${attempt}:${options.key}`;

  useEffect(() => {
    let isRetry = startedAttempt.current !== attempt;
    startedAttempt.current = attempt;
    return pollResource<T>({
      load: signal => {
        const answer = latest.current.load({ signal, isRetry });
        isRetry = false;
        return answer;
      },
      getPace: answer => latest.current.getPace(answer),
      onAnswer: answer => {
        setState(previous => ({ ...previous, error: undefined, ...answer }));
        setSettled(request);
      },
      openedAt,
    });
  }, [request, attempt, openedAt]);

  const retry = useCallback(() => setAttempt(count => count + 1), []);
  return { ...state, isPending: settled !== request, retry };
}
