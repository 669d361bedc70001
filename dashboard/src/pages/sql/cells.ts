/** Values of rows in words. Pure. */

const NUMERIC = /^(tinyint|smallint|integer|bigint|real|double|decimal)/;
/** More cells than this at once would hold the page up. */
const MOST_CELLS = 6_000;
const FEWEST_ROWS = 25;

export const isNumeric = (type: string): boolean => NUMERIC.test(type);

/** How many rows are listed at a time: as many as a page bears, by how wide they are. */
export function rowsAtOnce(columns: number): number {
  return Math.max(FEWEST_ROWS, Math.floor(MOST_CELLS / Math.max(1, columns)));
}

/** How numbers of a column are written, null for other columns: in the reader's manner, and with every digit. */
export function formatter(type: string, language: string): Intl.NumberFormat | null {
  if (!isNumeric(type)) return null;
  const scale = Number(/^decimal\(\d+,(\d+)\)/.exec(type)?.[1] ?? 0);
  return new Intl.NumberFormat(language, { maximumFractionDigits: Math.max(20, scale) });
}

/** A value as it is read, null where there is none. Numbers may come as text: decimals, and whole ones that are too
 * large for a number here. */
export function cellWords(value: unknown, format: Intl.NumberFormat | null): string | null {
  if (value === null || value === undefined) return null;
  if (format && (typeof value === 'number' || typeof value === 'string'))
    return format.format(value as Intl.StringNumericLiteral);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
