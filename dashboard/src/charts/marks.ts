/** What happened, and what is watched: marks by the bucket that they fall in, and how ECharts draws both. Pure. */

import type { MarkAreaComponentOption, MarkLineComponentOption } from 'echarts';
import type { TableBucket } from '../question/table.ts';
import type { ChartInput, Mark, Threshold } from './input.ts';
import { FONT } from './axes.ts';
import { INK, severityStroke } from './palette.ts';

export interface MarkedBucket {
  readonly bucket: number;
  readonly marks: readonly Mark[];
}

/** The bucket that an instant falls in; -1 for none. */
export function bucketAt(buckets: readonly TableBucket[], at: Date): number {
  return buckets.findIndex(({ start, end }) => at >= start && at < end);
}

/** Marks that begin within the chart, by their bucket, from left to right. */
export function markedBuckets(marks: readonly Mark[], buckets: readonly TableBucket[]): MarkedBucket[] {
  const found = new Map<number, Mark[]>();
  for (const mark of marks) {
    const bucket = bucketAt(buckets, mark.at);
    if (bucket >= 0) found.set(bucket, [...(found.get(bucket) ?? []), mark]);
  }
  return [...found].map(([bucket, all]) => ({ bucket, marks: all })).sort((a, b) => a.bucket - b.bucket);
}

/** Marks that last, cut to what is shown: the first and the last bucket. */
export function markedSpans(marks: readonly Mark[], buckets: readonly TableBucket[]) {
  const first = buckets[0];
  const last = buckets.at(-1);
  if (!first || !last) return [];
  return marks.flatMap((mark) => {
    if (!mark.until || mark.until <= first.start || mark.at >= last.end) return [];
    const from = mark.at <= first.start ? 0 : bucketAt(buckets, mark.at);
    const end = bucketAt(buckets, new Date(mark.until.getTime() - 1));
    return [{ mark, from, to: end < 0 ? buckets.length - 1 : end }];
  });
}

/** Only what leads to a page is a link: never `javascript:` or a file of the reader's. */
export function safeUrl(url: string | null | undefined): string | null {
  return url && /^https?:\/\//i.test(url) ? url : null;
}

const FLAG = 'path://M0 0H11L8 4L11 8H0Z';

export function flags({ marks, table, theme }: ChartInput): MarkLineComponentOption {
  const ink = INK[theme];
  return {
    silent: true,
    animation: false,
    symbol: ['none', FLAG],
    symbolSize: [10, 8],
    symbolRotate: 0,
    symbolOffset: [0, [5, 4]] as never,
    lineStyle: { color: ink.text, width: 1, type: 'solid', opacity: 0.8 },
    label: { show: false },
    data: markedBuckets(marks, table.buckets).map(({ bucket, marks: all }) => ({
      xAxis: bucket,
      ...(all.length > 1
        ? {
            label: {
              show: true,
              formatter: String(all.length),
              color: ink.strong,
              fontFamily: FONT,
              fontSize: 11,
              fontWeight: 600,
              distance: 2,
            },
          }
        : {}),
    })),
  };
}

export function spans({ marks, table, theme }: ChartInput): MarkAreaComponentOption {
  return {
    silent: true,
    animation: false,
    itemStyle: { color: INK[theme].text, opacity: 0.1 },
    label: { show: false },
    data: markedSpans(marks, table.buckets).map(({ from, to }) => [{ xAxis: from }, { xAxis: to }]),
  };
}

export function thresholdLines(
  thresholds: readonly Threshold[],
  { theme, narrow }: ChartInput,
): MarkLineComponentOption {
  return {
    silent: true,
    animation: false,
    symbol: 'none',
    data: thresholds.map(({ value, label, severity }) => {
      const { colour, dash } = severityStroke(severity, theme);
      return {
        yAxis: value,
        lineStyle: { color: colour, width: 1.5, type: dash },
        label: {
          show: true,
          position: 'insideEndTop',
          formatter: cut(label, narrow ? 26 : 60),
          color: colour,
          fontFamily: FONT,
          fontSize: 12,
          fontWeight: 550,
          textBorderColor: INK[theme].surface,
          textBorderWidth: 3,
        },
      };
    }),
  };
}

const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A name on a canvas, where nothing cuts it, and nothing (no `<bdi>`) keeps its direction from what stands beside it but
 * Unicode's isolates. Braces would be a template of ECharts', control characters no XML. */
export function cut(words: string, most: number): string {
  return `\u2068${shortened(words.replaceAll(/[{}\p{Cc}\p{Cs}]/gu, ' '), most)}\u2069`;
}

export function shortened(words: string, most: number): string {
  if (words.length <= most) return words;
  const shown = [...letters.segment(words)].slice(0, most).map(({ segment }) => segment);
  return shown.join('').length === words.length ? words : `${shown.slice(0, -1).join('')}…`;
}
