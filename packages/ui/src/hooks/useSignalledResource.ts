// SPDX-License-Identifier: Apache-2.0
import { useApiHolder } from '@backstage/frontend-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { followResource, type Follower } from './followResource';

/** A loaded resource, as a page shows it. @public */
export interface SignalledResource<T> {
  /** The last answer; kept while a newer one is awaited, and when one fails. */
  value?: T;
  /** Why the last request failed; cleared by the next answer. */
  error?: Error;
  /** Whether a person waits: for the first answer or a retry. */
  isPending: boolean;
  retry: () => void;
}

/**
 * Loads a resource once, and again when the channel that its answer names says
 * that it changed (see `followResource`). Requests are cancelled on unmount.
 *
 * @public
 */
export function useSignalledResource<T>(options: {
  /** Names what is loaded; another key loads at once. */
  key: string;
  load: (signal: AbortSignal) => Promise<T>;
  getChannel: (value: T) => string | undefined;
}): SignalledResource<T> {
  const signals = useApiHolder().get(signalApiRef);
  const latest = useRef(options);
  latest.current = options;
  const follower = useRef<Follower>();
  const [state, setState] = useState<{ value?: T; error?: Error }>({});
  const [isPending, setIsPending] = useState(true);
  const { key } = options;

  useEffect(() => {
    setIsPending(true);
    follower.current = followResource<T>({
      load: signal => latest.current.load(signal),
      hasSignals: signals !== undefined,
      onAnswer: answer => {
        setState(previous => ({ ...previous, error: undefined, ...answer }));
        setIsPending(false);
      },
    });
    return follower.current.stop;
  }, [key, signals]);

  const channel = state.value && options.getChannel(state.value);
  useEffect(() => {
    if (!channel || !signals) {
      return undefined;
    }
    const subscription = signals.subscribe(channel, () =>
      follower.current?.refresh(),
    );
    return () => subscription.unsubscribe();
  }, [channel, signals]);

  const retry = useCallback(() => {
    setIsPending(true);
    follower.current?.refresh();
  }, []);
  return { ...state, isPending, retry };
}
