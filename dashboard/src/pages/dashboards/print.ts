/** Paper: everything is asked and drawn first, in light colours and at the paper's width; then the browser prints. */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { setPrinting } from '../../ui/printing.ts';

const LOOK_EVERY_MS = 150;
const LONGEST_MS = 30_000;
const UNREADY = '.widget[data-state=loading], [data-drawn]:not([data-drawn=yes]), .skeleton-rows';

export function usePrint() {
  const [say, setSay] = useState<string | null>(null);
  const ended = useRef(false);
  useEffect(() => {
    // Whoever prints by the browser's own menu gets the paper's measures too.
    const before = () => setPrinting(true);
    const after = () => setPrinting(false);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      ended.current = true;
      after();
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
  const start = useCallback(() => {
    setSay('Getting everything ready for paper…');
    dispatchEvent(new Event('beforeprint')); // what is far below asks, and charts take light colours
    const since = Date.now();
    const look = () => {
      if (ended.current) return;
      const ready = document.querySelector(UNREADY) === null || Date.now() - since > LONGEST_MS;
      // Two looks apart, so that what was ready a moment ago is drawn too.
      setTimeout(ready ? () => !ended.current && print() : look, ready ? 600 : LOOK_EVERY_MS);
    };
    setTimeout(look, LOOK_EVERY_MS * 2);
  }, []);
  return { say, start };
}
