/** A chart by its keys: the arrows go from bucket to bucket, Enter chooses. Pure. */

export interface Place {
  readonly at: number;
  /** Where a span began that is being chosen with Shift. */
  readonly anchor: number | null;
}

/** Where a key leads; null for keys that are not the chart's. */
export function placeAfter(key: string, shift: boolean, steps: number, now: Place | null): Place | null {
  const last = steps - 1;
  if (last < 0) return null;
  const from = now?.at ?? null;
  const page = Math.max(1, Math.round(steps / 10));
  const to = {
    ArrowRight: from === null ? 0 : from + 1,
    ArrowLeft: from === null ? last : from - 1,
    PageUp: (from ?? 0) + page,
    PageDown: (from ?? last) - page,
    Home: 0,
    End: last,
  }[key];
  if (to === undefined) return null;
  return { at: Math.min(last, Math.max(0, to)), anchor: shift ? (now?.anchor ?? from ?? 0) : null };
}

/** The span that Enter chooses. */
export function spanOf({ at, anchor }: Place): readonly [number, number] {
  return anchor === null ? [at, at] : [Math.min(at, anchor), Math.max(at, anchor)];
}
