// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';

/** The time, ms since 1970; renewed every second while something `isRunning`. @public */
export function useNow(isRunning: boolean) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    if (!isRunning) {
      return undefined;
    }
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}
