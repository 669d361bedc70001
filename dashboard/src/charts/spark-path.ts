/** The geometry of a spark line. Pure. */

export interface SparkPaths {
  readonly area: string;
  readonly line: string;
  readonly open: string;
  /** The last point of the whole part, `x,y`. */
  readonly end: string;
}

export function firstKnown(values: readonly (number | null)[]): number {
  return values.findIndex((value) => value !== null);
}

/** Paths in a box of the given size. Gaps are skipped: a spark line shows a shape, the chart below shows what is missing. */
export function sparkPaths(
  values: readonly (number | null)[],
  partialFrom: number,
  width: number,
  height: number,
): SparkPaths {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const pad = 4;
  const x = (index: number) =>
    values.length < 2 ? width / 2 : (index / (values.length - 1)) * (width - 2 * pad) + pad;
  const y = (value: number) =>
    high === low ? height / 2 : height - pad - ((value - low) / (high - low)) * (height - 2 * pad);
  const points = values.flatMap((value, index) =>
    value === null ? [] : [{ index, at: `${round(x(index))},${round(y(value))}` }],
  );
  const whole = points.filter(({ index }) => index < partialFrom);
  const open = points.filter(({ index }) => index >= partialFrom);
  const last = whole.at(-1);
  return {
    area:
      whole.length > 1 ? `${join(whole)} L${cornerOf(last?.at)},${height} L${cornerOf(whole[0]?.at)},${height} Z` : '',
    line: join(whole),
    open: open.length > 0 && last ? join([last, ...open]) : join(open),
    end: last?.at ?? '',
  };
}

const round = (value: number) => Math.round(value * 10) / 10;
const cornerOf = (at: string | undefined) => at?.split(',')[0] ?? '0';

function join(points: readonly { at: string }[]): string {
  return points.map(({ at }, index) => `${index === 0 ? 'M' : 'L'}${at}`).join(' ');
}
