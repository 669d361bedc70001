/** A spark line: a small SVG of its own, so that the tiles need no charting library. */

import { firstKnown, sparkPaths } from './spark-path.ts';

interface Props {
  readonly values: readonly (number | null)[];
  /** From this index on the values are not complete yet; drawn dashed. */
  readonly partialFrom: number;
}

const WIDTH = 160;
const HEIGHT = 40;

export function Spark({ values, partialFrom }: Props) {
  if (firstKnown(values) < 0) return <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" />;
  const { area, line, open, end } = sparkPaths(values, partialFrom, WIDTH, HEIGHT);
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="spark-area" d={area} />
      <path class="spark-line" d={line} vector-effect="non-scaling-stroke" />
      {open && <path class="spark-open" d={open} vector-effect="non-scaling-stroke" />}
      {end && <path class="spark-end" d={`M${end} h0.01`} vector-effect="non-scaling-stroke" />}
    </svg>
  );
}
