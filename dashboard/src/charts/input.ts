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
  /** Where more is said of it. */
  readonly url?: string | null;
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

/** A chart that was made: what is drawn, and how it is read without being seen. */
export interface Drawing {
  readonly option: Record<string, unknown>;
  /** How many buckets, slices, points or bins there are to go through. */
  readonly steps: number;
  /** One of them, as a screen reader says it. */
  readonly words: (step: number) => string;
  /** What ECharts shows its box for. */
  readonly item: (step: number) => { readonly seriesIndex: number; readonly dataIndex: number };
  /** What has to be known to read it rightly. */
  readonly notes: readonly string[];
  /** Steps are the table's buckets, from left to right. */
  readonly overTime: boolean;
  /** What it is compared with is drawn beside it. */
  readonly before: boolean;
}

/** A chart that would say nothing, or something wrong: why, and what to choose instead. */
export interface Refusal {
  readonly refused: string;
}

export function isRefusal(drawn: Drawing | Refusal): drawn is Refusal {
  return 'refused' in drawn;
}
