/** Looking closer at buckets, and back out: each is one step of the browser's history. */

import { useMemo } from 'preact/hooks';
import type { Table } from '../../question/table.ts';
import { chosenParameters as frameParameters } from '../../state/frame.ts';
import { type Framing, useParameters } from '../../state/address.ts';
import { type Chosen, chosenParameters } from './chosen.ts';
import { closer } from './zoom.ts';

const LONGEST_TRAIL = 8;

export interface Zoom {
  readonly pick: (first: number, last: number) => void;
  readonly one: ((index: number) => void) | undefined;
  readonly back: (at: number) => void;
}

export function useZoom(chosen: Chosen, framing: Framing, table: Table | null): Zoom {
  const [, set] = useParameters();
  const { frame, chosen: framed } = framing;
  const { trail } = chosen;
  return useMemo(() => {
    const pick = (first: number, last: number) => {
      const [from, to] = [table?.buckets[first], table?.buckets[last]];
      if (!table || !from || !to) return;
      const next = closer(from.start, to.end, last - first + 1, table.answer.interval, frame.zone);
      if (!next) return;
      const here = { range: frame.range, interval: framed.interval };
      set({
        ...frameParameters(next),
        ...chosenParameters({ trail: [...trail, here].slice(-LONGEST_TRAIL) }),
      });
    };
    const back = (at: number) => {
      const step = trail[at];
      if (step) set({ ...frameParameters(step), ...chosenParameters({ trail: trail.slice(0, at) }) });
    };
    const finest = table?.answer.interval === 'PT15M';
    return { pick, back, one: finest ? undefined : (index: number) => pick(index, index) };
  }, [set, table, frame, framed, trail]);
}
