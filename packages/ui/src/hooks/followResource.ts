// SPDX-License-Identifier: Apache-2.0

const SECOND = 1_000;
/** So long after a request the next one waits: a rollout tells many changes at once. */
const APART = SECOND;
/** A socket may have died unnoticed while nobody looked. */
const DOUBTFUL_AFTER = 60 * SECOND;

/** A backend that was started anew knows no channels until it is asked. */
const RENEWED_AFTER = 10 * 60 * SECOND;

export interface Follower {
  /** Loads soon: at once, after the request under way, or when the tab is seen again. */
  refresh: () => void;
  stop: () => void;
}

/** 5 s after the first failure, then more slowly, apart from other pages; at most 10 s. */
function getFailureDelay(failures: number) {
  return 5 * SECOND + Math.random() * Math.min(failures, 5) * SECOND;
}

/**
 * Loads at once, and then only when told (`refresh`), one request at a time. While
 * the browser tab is hidden nothing is asked; what was told meanwhile is loaded
 * when it is seen. Without signals, and after a minute of absence with them, a
 * look at the tab asks again (the browser's cache makes that conditional).
 * A request that failed is repeated, because a backend that is gone signals nothing,
 * and ten minutes without a signal are ended by a request of the same kind.
 */
export function followResource<T>(options: {
  load: (signal: AbortSignal) => Promise<T>;
  hasSignals: boolean;
  onAnswer: (answer: { value?: T; error?: Error }) => void;
}): Follower {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let renewal: ReturnType<typeof setTimeout> | undefined;
  let isLoading = false;
  let isStale = true;
  let failures = 0;
  let askedAt = -Infinity;

  const isSeen = () => document.visibilityState === 'visible';

  function schedule(delay: number) {
    clearTimeout(timer);
    if (isStale && !isLoading && isSeen() && !controller.signal.aborted) {
      timer = setTimeout(load, delay);
    }
  }
  function settle(answer: { value?: T; error?: Error }) {
    if (controller.signal.aborted) {
      return;
    }
    isLoading = false;
    failures = answer.error ? failures + 1 : 0;
    isStale ||= failures > 0;
    options.onAnswer(answer);
    schedule(failures > 0 ? getFailureDelay(failures) : APART);
    clearTimeout(renewal);
    renewal = setTimeout(look, RENEWED_AFTER);
  }
  function load() {
    isLoading = true;
    isStale = false;
    askedAt = Date.now();
    options.load(controller.signal).then(
      value => settle({ value }),
      error => settle({ error }),
    );
  }
  function refresh() {
    isStale = true;
    schedule(Math.max(askedAt + APART - Date.now(), 0));
  }
  function look() {
    const age = Date.now() - askedAt;
    if (isSeen() && (isStale || !options.hasSignals || age > DOUBTFUL_AFTER)) {
      refresh();
    }
  }

  document.addEventListener('visibilitychange', look);
  window.addEventListener('focus', look);
  schedule(0);
  return {
    refresh,
    stop: () => {
      controller.abort();
      clearTimeout(timer);
      clearTimeout(renewal);
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('focus', look);
    },
  };
}
