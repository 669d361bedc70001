/** What every chart is made of. */

import type { Table } from '../question/table.ts';
import type { Locale } from '../time/format.ts';
import type { Theme } from './palette.ts';

export const CHART_KINDS = ['line', 'area', 'bar', 'stacked', 'pie', 'scatter', 'gauge', 'histogram'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

/** Something that happened, drawn where it did: a release, a campaign. */
export interface Mark {
  readonly at: Date;
  /** Null: a moment. */
  readonly until: Date | null;
  readonly title: string;
  readonly kind: string;
}

/** A value that an alert rule watches, drawn across. */
export interface Threshold {
  readonly value: number;
  readonly label: string;
  readonly severity: 'info' | 'warning' | 'critical' | string;
}

export interface ChartInput {
  readonly kind: ChartKind;
  readonly table: Table;
  readonly locale: Locale;
  readonly theme: Theme;
  /** Keys of columns that the reader switched off. */
  readonly hidden: ReadonlySet<string>;
  readonly marks: readonly Mark[];
  readonly thresholds: readonly Threshold[];
  /** A gauge's full mark. */
  readonly target: number | null;
  readonly animate: boolean;
  readonly narrow: boolean;
}
