/** A column's sign in a legend: SVG attributes, since the policy forbids inline styles. */

import type { Marker, Stroke } from '../charts/palette.ts';

export function Swatch({ colour }: { readonly colour: string }) {
  return (
    <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
      <rect width="10" height="10" rx="3" fill={colour} />
    </svg>
  );
}

const MARKERS: Record<Marker, string> = {
  triangle: 'M12 2 16 9H8Z',
  rect: 'M9 2h6v6H9Z',
  diamond: 'M12 1 16 5 12 9 8 5Z',
};

/** A line as it is drawn: its dash, and its mark. */
export function LineSwatch({ colour, stroke }: { readonly colour: string; readonly stroke: Stroke }) {
  const { dash, marker } = stroke;
  return (
    <svg class="swatch wide" viewBox="0 0 24 10" aria-hidden="true">
      <path
        d="M1 5H23"
        fill="none"
        stroke={colour}
        stroke-width="2.4"
        stroke-linecap={dash === 'solid' ? 'round' : 'butt'}
        stroke-dasharray={dash === 'solid' ? undefined : dash.join(' ')}
      />
      {marker && <path d={MARKERS[marker]} fill={colour} />}
    </svg>
  );
}

/** A hollow bar: what it is compared with. */
export function BarOutline({ colour }: { readonly colour: string }) {
  return (
    <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
      <rect x="1" y="1" width="8" height="8" fill="none" stroke={colour} stroke-width="1.4" />
    </svg>
  );
}
