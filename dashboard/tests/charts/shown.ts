/** Every kind of chart, with everything that it can be asked to show. */

import type { ChartKind, Mark, Threshold } from '../../src/charts/input.ts';
import type { Table } from '../../src/question/table.ts';
import { LAST, table, wave } from './tables.ts';

export interface Show {
  readonly title: string;
  readonly kind: ChartKind;
  readonly table: Table;
  readonly marks?: readonly Mark[];
  readonly thresholds?: readonly Threshold[];
  readonly target?: number;
}

/** Names as they come from outside. */
export const HOSTILE = [
  '<img src=x onerror="window.hacked = true">',
  'نسخة תוכנה ‮3.10.0',
  '👩‍👩‍👧‍👦 {b|bold} ${name}',
  'x'.repeat(300),
] as const;

const ago = (days: number) => new Date(LAST.getTime() - days * 86_400_000 + 3_600_000);
const MARKS: readonly Mark[] = [
  { at: ago(20), until: null, title: 'Release 3.10.0', kind: 'release', url: 'https://example.org/3.10.0' },
  { at: ago(8), until: ago(4), title: 'Autumn campaign', kind: 'campaign' },
  { at: ago(14), until: null, title: 'Incident', kind: 'incident' },
  { at: ago(14), until: null, title: HOSTILE[0], kind: 'note', url: 'javascript:alert(1)' },
];
const THRESHOLDS: readonly Threshold[] = [
  { value: 2200, label: 'Too many downloads', severity: 'critical' },
  { value: 500, label: 'Few downloads', severity: 'warning' },
];
const VERSIONS = ['3.10.0', '3.9.2', '3.9.1', '3.8.0', '3.7.4', '3.6.0', '2.9.9'];

export const SHOWN: readonly Show[] = [
  {
    title: 'Line with a year before, marks and thresholds',
    kind: 'line',
    table: table({ compared: true, gaps: [9, 10], buckets: 42 }),
    marks: MARKS,
    thresholds: THRESHOLDS,
  },
  {
    title: 'Lines, two units',
    kind: 'line',
    table: table({
      metrics: [
        { title: 'Leads', unit: 'leads' },
        { title: 'Win rate', unit: 'share', kind: 'ratio' },
      ],
      value: (b, c) => (c === 1 ? 0.2 + (b % 9) / 40 : wave(b, c)),
    }),
  },
  { title: 'Area by version', kind: 'area', table: table({ groups: VERSIONS, other: true, buckets: 60 }) },
  {
    title: 'Bars',
    kind: 'bar',
    table: table({ compared: true, buckets: 21 }),
    marks: MARKS.slice(0, 2),
    thresholds: THRESHOLDS.slice(0, 1),
  },
  {
    title: 'Bars, three groups compared',
    kind: 'bar',
    table: table({
      groups: ['EUR', 'USD', 'GBP'],
      by: 'currency',
      metrics: [{ title: 'Won', unit: 'money' }],
      compared: true,
      buckets: 8,
    }),
  },
  { title: 'Stacked', kind: 'stacked', table: table({ groups: VERSIONS, other: true }) },
  {
    title: 'Stacked shares',
    kind: 'stacked',
    table: table({
      groups: ['a', 'b', 'c'],
      transform: 'share_of_total',
      metrics: [{ title: 'Share', unit: 'share' }],
      value: (b, c) => [0.5 - (b % 5) / 50, 0.3, 0.2 + (b % 5) / 50][c] ?? 0,
    }),
  },
  { title: 'Pie', kind: 'pie', table: table({ groups: VERSIONS, other: true }) },
  { title: 'Pie of one', kind: 'pie', table: table() },
  {
    title: 'Scatter',
    kind: 'scatter',
    table: table({
      metrics: [
        { title: 'Reach', unit: 'people' },
        { title: 'Engagement', unit: 'reactions' },
      ],
      value: (b, c) => wave(b * (c + 1), c),
    }),
  },
  {
    title: 'Scatter by group',
    kind: 'scatter',
    table: table({
      groups: [...VERSIONS, ...HOSTILE],
      metrics: [
        { title: 'Reach', unit: 'people' },
        { title: 'Engaged', unit: 'seconds' },
      ],
    }),
  },
  { title: 'Gauge', kind: 'gauge', table: table({ partial: 0 }), target: 40_000 },
  { title: 'Gauge over its mark', kind: 'gauge', table: table(), target: 20_000 },
  {
    title: 'Gauge of a share',
    kind: 'gauge',
    table: table({ metrics: [{ title: 'Win rate', unit: 'share', kind: 'ratio' }], value: () => 0.314 }),
  },
  { title: 'Histogram', kind: 'histogram', table: table({ buckets: 180, gaps: [3, 4] }) },
  {
    title: 'Twenty lines',
    kind: 'line',
    table: table({ groups: Array.from({ length: 20 }, (_, index) => `series ${index + 1}`), buckets: 90 }),
  },
  {
    title: 'Hostile names',
    kind: 'line',
    table: table({ groups: HOSTILE }),
    thresholds: [{ value: 1500, label: HOSTILE[1], severity: 'info' }],
  },
  { title: 'Hostile pie', kind: 'pie', table: table({ groups: HOSTILE }) },
  {
    title: 'Three years',
    kind: 'line',
    table: table({ buckets: 1096, metrics: [{ title: 'Bytes', unit: 'bytes' }], value: (b) => wave(b, 0) * 3_000_000 }),
  },
  {
    title: 'Seconds',
    kind: 'bar',
    table: table({
      metrics: [{ title: 'Session', unit: 'seconds', kind: 'ratio' }],
      value: (b) => 90 + ((b * 37) % 200),
    }),
  },
];
