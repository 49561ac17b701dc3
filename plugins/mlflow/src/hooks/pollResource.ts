// SPDX-License-Identifier: Apache-2.0
import type { Pace } from '../api';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const FAST = 5 * SECOND;
const SLOW = MINUTE;
/** A run that logs nothing for so long is left to the slow pace. */
const RUNNING_FOR = 10 * MINUTE;
/** A first run is awaited so long after the page was opened. */
const WAITING_FOR = 5 * MINUTE;

/** What a request ended with. */
export interface Answer<T> {
  value?: T;
  error?: Error;
}

/** 5 s after the first failure, then more slowly, apart from other pages; at most 10 s. */
function getFailureDelay(failures: number) {
  return FAST + Math.random() * Math.min(failures * SECOND, FAST);
}

/**
 * Loads at once, and again while the browser tab is visible: every 5 s while
 * something runs, until 10 minutes after the last change; every 5 s for the first
 * thing to show, until 5 minutes after `openedAt`; every 5 to 10 s while something
 * fails; else every 60 s. A timer is set only when no request is under way.
 * Returns what ends both.
 */
export function pollResource<T>(options: {
  load: (signal: AbortSignal) => Promise<T>;
  getPace: (answer: Answer<T>) => Pace;
  onAnswer: (answer: Answer<T>) => void;
  /** When the page was opened, ms since 1970. */
  openedAt: number;
}): () => void {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = 0;
  let failures = 0;
  let seen = '';
  let changedAt = Date.now();

  function getDelay(pace: Pace, now: number) {
    failures = pace === 'failing' ? failures + 1 : 0;
    if (failures > 0) {
      return getFailureDelay(failures);
    }
    const isSoon =
      (pace === 'running' && now - changedAt < RUNNING_FOR) ||
      (pace === 'waiting' && now - options.openedAt < WAITING_FOR);
    return isSoon ? FAST : SLOW;
  }
  function schedule() {
    clearTimeout(timer);
    if (document.visibilityState === 'visible') {
      timer = setTimeout(refresh, Math.max(dueAt - Date.now(), 0));
    }
  }
  function settle(answer: Answer<T>) {
    if (controller.signal.aborted) {
      return;
    }
    const now = Date.now();
    const text = answer.error ? seen : JSON.stringify(answer.value);
    if (text !== seen) {
      seen = text;
      changedAt = now;
    }
    options.onAnswer(answer);
    dueAt = now + getDelay(options.getPace(answer), now);
    document.addEventListener('visibilitychange', schedule);
    schedule();
  }
  function refresh() {
    // Until the answer is there, a visible tab has nothing to schedule.
    document.removeEventListener('visibilitychange', schedule);
    options.load(controller.signal).then(
      value => settle({ value }),
      error => settle({ error }),
    );
  }

  refresh();
  return () => {
    controller.abort();
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', schedule);
  };
}
