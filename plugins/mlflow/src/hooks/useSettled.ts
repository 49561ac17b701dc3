// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';

const SETTLED_AFTER = 300;

/** A text that a person types, once they have paused; nothing, at once. */
export function useSettled(text: string) {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    if (text === '') {
      setSettled('');
      return undefined;
    }
    const timer = setTimeout(() => setSettled(text), SETTLED_AFTER);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
