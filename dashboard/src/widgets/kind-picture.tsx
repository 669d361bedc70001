/** A small picture of each kind of widget, for choosing one. Decoration beside its name. */

import type { WidgetKind } from './widget.ts';

const PATHS: Record<WidgetKind, string> = {
  tile: 'M5 20V10l3-3v13M14 20h6M14 16h6M14 7v5h6V7z',
  line: 'M3 18l7-7 5 4 6-6 8 5',
  area: 'M3 21v-6l7-6 6 4 6-6 7 5v9z',
  bar: 'M5 21v-8h4v8M13 21V6h4v15M21 21v-11h4v11',
  stacked: 'M5 21V9h4v12M5 15h4M13 21V5h4v16M13 12h4M21 21V8h4v13M21 16h4',
  pie: 'M16 4a9 9 0 1 0 9 9h-9zM19 2.500a8 8 0 0 1 7.500 7.500H19z',
  scatter: 'M6 18h.1M11 14h.1M14 18h.1M17 10h.1M21 12h.1M25 6h.1',
  gauge: 'M5 19a11 11 0 0 1 22 0M16 19l5-7',
  histogram: 'M3 21h4v-5h4V9h4V5h4v6h4v6h4v4',
  table: 'M4 5h24v16H4zM4 10h24M12 5v16M20 5v16',
  text: 'M5 7h22M5 12h22M5 17h14',
  sources: 'M6 7h.1M6 13h.1M6 19h.1M11 7h16M11 13h16M11 19h16',
  alerts: 'M16 4 28 21H4L16 4zM16 10v5M16 18v.1',
};

export function KindPicture({ kind }: { readonly kind: WidgetKind }) {
  return (
    <svg class="kind-picture" viewBox="0 0 32 25" aria-hidden="true">
      <path d={PATHS[kind]} stroke-width={kind === 'scatter' ? 4 : 2} />
    </svg>
  );
}
