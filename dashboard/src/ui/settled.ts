/** A value that has not changed for a moment: a question is asked when somebody stops typing, and not for each letter. */

import { useEffect, useState } from 'preact/hooks';

export function useSettled<T>(value: T, ms = 400): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
