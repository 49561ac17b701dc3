// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';

/** Whether the browser tab is seen. */
export function useVisible() {
  const [isVisible, setIsVisible] = useState(
    () => document.visibilityState === 'visible',
  );
  useEffect(() => {
    const update = () => setIsVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', update);
    return () => document.removeEventListener('visibilitychange', update);
  }, []);
  return isVisible;
}
