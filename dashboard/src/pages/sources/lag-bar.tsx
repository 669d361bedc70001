/** How far behind now a source is, beside what is usual for its schedule: the line is where nobody minds yet. */

import type { Source } from '../../api/shapes.ts';
import { usualLag } from './words.ts';

/** The bar's width is this many times what is usual. */
const TIMES = 3;
const WIDTH = 90;

/** Where the bar ends, of {@link WIDTH}; null where there is nothing to draw. */
export function lagWidth(source: Source): number | null {
  const usual = usualLag(source);
  if (source.lagSeconds === null || !usual) return null;
  return Math.max(2, Math.min(WIDTH, (source.lagSeconds / (usual * TIMES)) * WIDTH));
}

export function LagBar({ source }: { readonly source: Source }) {
  const width = lagWidth(source);
  if (width === null) return null;
  const tone = source.state === 'ok' ? 'good' : source.state === 'failing' ? 'bad' : 'warn';
  return (
    <svg class={`source-lag-bar ${tone}`} viewBox={`0 0 ${WIDTH} 8`} aria-hidden="true">
      <rect class="source-lag-ground" y="2" width={WIDTH} height="4" rx="2" />
      <rect class="source-lag-so-far" y="2" width={width} height="4" rx="2" />
      <path class="source-lag-usual" d={`M${WIDTH / TIMES} 0v8`} />
    </svg>
  );
}
