/** How values are put into bins: the finer of Freedman and Diaconis, whose width follows the middle half and not the
 * outliers, and of Sturges, who sees two heaps (working days and weekends) where the middle half spans both: as NumPy's
 * `auto`. Rounded to widths that people read. Pure. */

export interface Bin {
  readonly from: number;
  /** Left out, but for the last bin. */
  readonly to: number;
}

const MOST_BINS = 40;
const STEPS = [1, 2, 2.5, 5, 10];

/** The next width of 1, 2, 2.5, 5 times a power of ten. */
export function niceWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  const step = STEPS.find((one) => width <= one * power * (1 + 1e-9)) ?? 10;
  return Number((step * power).toPrecision(12));
}

/** Bins that hold all of the values; whole numbers have no bin narrower than one. */
export function binsOf(values: readonly number[], whole: boolean): readonly Bin[] {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[0];
  const high = sorted.at(-1);
  if (low === undefined || high === undefined) return [];
  if (low === high) {
    const size = whole ? 1 : Math.abs(low) / 10 || 1;
    return [{ from: low, to: low + size }];
  }
  const span = high - low;
  const middle = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const sturges = span / (Math.ceil(Math.log2(sorted.length)) + 1);
  const wanted = middle > 0 ? Math.min(sturges, (2 * middle) / Math.cbrt(sorted.length)) : sturges;
  let width = niceWidth(Math.max(wanted, span / MOST_BINS, whole ? 1 : 0));
  if (whole) width = Math.ceil(width);
  const first = Math.floor(low / width + 1e-9);
  const count = Math.floor(high / width + 1e-9) - first + 1;
  const edge = (index: number) => Number(((first + index) * width).toPrecision(12));
  return Array.from({ length: count }, (_, index) => ({ from: edge(index), to: edge(index + 1) }));
}

export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return below + (above - below) * (at - Math.floor(at));
}

/** How many values are in each bin. Every value is in exactly one. */
export function counted(values: readonly number[], bins: readonly Bin[]): number[] {
  const counts = bins.map(() => 0);
  for (const value of values) {
    const found = bins.findIndex(({ to }) => value < to);
    const index = found < 0 ? bins.length - 1 : found;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
