/** Where a chart will be: what draws it is fetched while its numbers are asked for. */

import { useEffect } from 'preact/hooks';
import { ChartSkeleton } from '../ui/states.tsx';
import { fetchLibrary } from './drawn.ts';

export function ChartComing({ slow }: { readonly slow: boolean }) {
  useEffect(fetchLibrary, []);
  return <ChartSkeleton slow={slow} />;
}
