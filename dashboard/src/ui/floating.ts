/** What opens beside a control lies over the page and whatever scrolls in it: no table and no dialog cuts it off. */

import { type RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { placeOf } from './placing.ts';

type Element = RefObject<HTMLElement | null>;

/** The list is a `popover="manual"`: the page opens and closes it, the browser lays it over everything else. It stays at
 * its control whatever moves that: a scrolled box, a turned phone, an answer that comes in above it. */
export function useFloating(open: boolean, control: Element, list: Element, side: 'start' | 'end') {
  useLayoutEffect(() => {
    const [beside, box] = [control.current, list.current];
    if (!open || !beside || !box) return;
    let frame = 0;
    const place = () => {
      const at = beside.getBoundingClientRect();
      if (side === 'start') box.style.setProperty('min-width', `${at.width}px`);
      const { width } = document.documentElement.getBoundingClientRect(); // without the gutter of the scroll bar
      const size = { width: box.offsetWidth, height: box.offsetHeight };
      const { left, top } = placeOf(at, size, { width, height: window.innerHeight }, side);
      box.style.setProperty('left', `${left}px`);
      box.style.setProperty('top', `${top}px`);
      frame = requestAnimationFrame(place);
    };
    box.showPopover();
    place();
    return () => cancelAnimationFrame(frame);
  }, [open, control, list, side]);
}
