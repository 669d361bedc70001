/** Where a list that opens beside its control stands: below it, above it where there is more room, never past an edge. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = 6;
const EDGE = 8;

/** `start`: both begin at the same place; `end`: both end there. */
export function placeOf(control: Box, list: Size, screen: Size, side: 'start' | 'end'): { left: number; top: number } {
  const left = side === 'start' ? control.left : control.right - list.width;
  const below = control.bottom + GAP;
  const above = control.top - GAP - list.height;
  const fits = below + list.height + EDGE <= screen.height;
  const top = fits || above < EDGE ? below : above;
  return {
    left: Math.max(EDGE, Math.min(left, screen.width - EDGE - list.width)),
    top: fits ? below : Math.max(EDGE, Math.min(top, screen.height - EDGE - list.height)),
  };
}
