/** A long list is there at once in its first part, and whole a moment later: all of it in one go would stop the page. */

import { useEffect, useState } from 'preact/hooks';

const PAUSE_MS = 20;

/** How many of `wanted` are shown by now. */
export function useGrowing(wanted: number, step: number): number {
  const [shown, setShown] = useState(step);
  const growing = shown < wanted;
  useEffect(() => {
    if (!growing) return;
    const timer = setTimeout(() => setShown(shown + step), PAUSE_MS);
    const whole = () => setShown(wanted); // paper does not wait
    addEventListener('beforeprint', whole);
    return () => {
      clearTimeout(timer);
      removeEventListener('beforeprint', whole);
    };
  }, [growing, shown, wanted, step]);
  return Math.min(shown, wanted);
}
