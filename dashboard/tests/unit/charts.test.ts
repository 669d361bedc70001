import { describe, expect, it } from 'vitest';
import { layoutOf } from '../../src/charts/bars.ts';
import { binsOf, counted, niceWidth } from '../../src/charts/bins.ts';
import { type ChartInput, type Drawing, isRefusal, type Mark } from '../../src/charts/input.ts';
import { colourOf } from '../../src/charts/palette.ts';
import { placeAfter, spanOf } from '../../src/charts/keys.ts';
import { bucketAt, cut, markedBuckets, markedSpans, safeUrl } from '../../src/charts/marks.ts';
import { drawing } from '../../src/charts/options.ts';
import { bucketRead, readBucket } from '../../src/charts/reading.ts';
import { tickLabels } from '../../src/charts/ticks.ts';
import { HOSTILE } from '../charts/shown.ts';
import { LAST, table, type Wish } from '../charts/tables.ts';

const locale = { language: 'en-GB', zone: 'UTC' };

function input(kind: ChartInput['kind'], wish: Wish = {}, part: Partial<ChartInput> = {}): ChartInput {
  const rest = { marks: [], thresholds: [], target: null, animate: false, narrow: false } as const;
  return { kind, table: table(wish), locale, theme: 'light', hidden: new Set(), ...rest, ...part };
}

function drawn(kind: ChartInput['kind'], wish: Wish = {}, part: Partial<ChartInput> = {}): Drawing {
  const made = drawing(input(kind, wish, part));
  if (isRefusal(made)) throw new Error(made.refused);
  return made;
}

function refused(kind: ChartInput['kind'], wish: Wish = {}, part: Partial<ChartInput> = {}): string {
  const made = drawing(input(kind, wish, part));
  return isRefusal(made) ? made.refused : '';
}

interface Series {
  readonly name?: string;
  readonly type: string;
  readonly data: readonly unknown[];
  readonly stack?: string;
  readonly xAxisIndex?: number;
  readonly yAxisIndex?: number;
  readonly lineStyle?: { readonly type?: unknown };
  readonly markLine?: { readonly data: readonly { readonly xAxis?: number; readonly yAxis?: number }[] };
}
const series = ({ option }: Drawing) => option.series as readonly Series[];
/** Without the two that nobody sees. */
const seen = (made: Drawing) => series(made).slice(2);
interface Axis {
  readonly name?: string;
  readonly max?: number | ((extent: { min: number; max: number }) => number);
  readonly min?: (extent: { min: number; max: number }) => number;
  readonly scale?: boolean;
  readonly axisLabel: { readonly formatter: (value: number) => string };
}
const yAxes = ({ option }: Drawing) => option.yAxis as readonly Axis[];

describe('over time', () => {
  it('draws every value where it is, and a gap where there is none', () => {
    const made = drawn('line', { buckets: 5, partial: 0, gaps: [2], value: (bucket) => bucket * 10 });

    expect(seen(made)[0]?.data).toEqual([0, 10, null, 30, 40]);
  });

  it('draws what is still growing as a line of its own that begins at the last whole bucket', () => {
    const [whole, open] = seen(drawn('line', { buckets: 4, partial: 1, value: (bucket) => bucket }));

    expect(whole?.data).toEqual([0, 1, 2, null]);
    expect(open?.data).toEqual([null, null, 2, 3]);
    expect(open?.lineStyle?.type).not.toBe('solid');
  });

  it('lays what it is compared with on the same axis, lighter and dotted', () => {
    const [before, whole] = seen(drawn('line', { buckets: 4, compared: true, value: () => 100 }));

    expect(before?.data).toEqual([170, 170, 170, 170]);
    expect(before?.lineStyle?.type).toEqual([1, 3]);
    expect(whole?.data).toEqual([100, 100, 100, null]);
  });

  it('draws nothing of it past the cut up to which both are known', () => {
    const given = input('line', { buckets: 4, compared: true, value: () => 100 });
    const early = new Date(LAST.getTime() - 86_400_000);
    const columns = given.table.columns.map((column) => {
      const { comparison } = column.metric;
      const current = { from: given.table.answer.from, to: early };
      return { ...column, metric: { ...column.metric, comparison: comparison && { ...comparison, current } } };
    });
    const made = drawing({ ...given, table: { ...given.table, columns } }) as Drawing;

    expect(seen(made)[0]?.data).toEqual([170, 170, null, null]);
  });

  it('says why nothing is beside it, instead of naming in the legend what nobody sees', () => {
    const given = input('line', { buckets: 4, compared: true, value: () => 100 });
    const columns = given.table.columns.map((column) => {
      const { comparison } = column.metric;
      const countedSince = new Date('2026-08-28T00:00:00Z');
      const metric = { ...column.metric, comparison: comparison && { ...comparison, countedSince } };
      return { ...column, before: column.values.map(() => null), metric };
    });
    const made = drawing({ ...given, table: { ...given.table, columns } }) as Drawing;

    expect(made.before).toBe(false);
    expect(made.notes).toEqual(['Nothing to compare with: no data before 28 Aug 2026.']);
    expect((drawing(given) as Drawing).before).toBe(true);
  });

  it('begins what is counted at zero, and bars always', () => {
    const gauge = { metrics: [{ title: 'Stars', unit: 'stars', kind: 'gauge' as const }] };

    expect(yAxes(drawn('line'))[0]?.scale).toBe(false);
    expect(yAxes(drawn('line', gauge))[0]?.scale).toBe(true);
    expect(yAxes(drawn('bar', gauge))[0]?.scale).toBe(false);
  });

  it('stretches the axis so that a threshold is on it', () => {
    const made = drawn('line', {}, { thresholds: [{ value: 5_000, label: 'high', severity: 'critical' }] });
    const { max, min } = yAxes(made)[0] as Axis;

    expect((max as (extent: object) => number)({ min: 200, max: 1_300 })).toBeGreaterThan(5_000);
    expect(min?.({ min: 200, max: 1_300 })).toBe(0);
    expect(series(made)[1]?.markLine?.data[0]?.yAxis).toBe(5_000);
  });

  it('gives each unit an axis, and writes it as what it is', () => {
    const metrics = [
      { title: 'Leads', unit: 'leads' },
      { title: 'Win rate', unit: 'share', kind: 'ratio' as const },
    ];
    const made = drawn('line', { metrics });

    expect(seen(made).map(({ yAxisIndex }) => yAxisIndex)).toEqual([0, 0, 1, 1]);
    expect(yAxes(made)[1]?.axisLabel.formatter(0.25)).toBe('25%');
    expect(yAxes(made).map(({ name }) => name)).toEqual([cut('leads', 24), undefined, undefined]);
    expect(yAxes(drawn('line'))[0]?.name).toBeUndefined();
  });

  it('lets the line of time stand at the foot of an axis that has no zero', () => {
    const [time] = drawn('line').option.xAxis as { axisLine: { onZeroAxisIndex?: number } }[];

    expect(time?.axisLine.onZeroAxisIndex).toBe(0);
  });

  it('shows a point that has nothing beside it, and nothing of what its source is behind with', () => {
    const [whole] = seen(drawn('line', { buckets: 6, partial: 0, gaps: [1, 3] })) as { showSymbol?: boolean }[];
    const [joined] = seen(drawn('line', { buckets: 6, partial: 0 })) as { showSymbol?: boolean }[];

    expect(whole?.showSymbol).toBe(true);
    expect(joined?.showSymbol).toBe(false);
  });

  it.each([
    ['money', 'EUR', 1_500, '€1.5k'],
    ['bytes', 'a', 2_500_000, '2.5 MB'],
    ['seconds', 'a', 90, '1m 30s'],
  ])('writes %s on the axis as %s', (unit, member, value, words) => {
    const made = drawn('bar', { metrics: [{ title: 'M', unit }], groups: [member], by: 'currency' });

    expect(yAxes(made)[0]?.axisLabel.formatter(value)).toBe(words);
  });

  it('stacks parts to 100 %', () => {
    const wish: Wish = {
      groups: ['a', 'b'],
      metrics: [{ title: 'Share', unit: 'share' }],
      transform: 'share_of_total',
      value: (_bucket, column) => [0.4, 0.6][column] ?? 0,
    };
    const made = drawn('stacked', wish);

    expect(yAxes(made)[0]?.max).toBe(1);
    expect(seen(made).map(({ stack }) => stack)).toEqual(['all 0', 'all 0']);
    const [first, second] = table(wish).columns;
    expect(first?.total.value).toBeCloseTo(0.4, 9);
    expect(second?.total.value).toBeCloseTo(0.6, 9);
  });

  it('sets hollow bars on an axis of their own, so that they stand behind', () => {
    const [before, whole] = seen(drawn('bar', { compared: true }));

    expect([before?.xAxisIndex, whole?.xAxisIndex]).toEqual([1, undefined]);
  });

  it('says that stacks of people who may be in two are no total', () => {
    const made = drawn('stacked', {
      groups: ['a', 'b'],
      metrics: [{ title: 'Visitors', unit: 'visitors', kind: 'unique' }],
    });

    expect(made.notes.join()).toContain('overlap');
  });

  it('draws many bars as one shape a column, those that still grow as others in the same place', () => {
    const wish = { groups: ['a', 'b', 'c', 'd'], buckets: 100, partial: 2 };
    const few = seen(drawn('stacked', { ...wish, buckets: 99 }));
    const many = seen(drawn('stacked', wish)) as (Series & { large?: boolean })[];

    expect(few.map(({ data }) => data.length)).toEqual([99, 99, 99, 99]);
    expect(many.map(({ name, large = false, stack }) => `${name} ${large} ${stack}`)).toEqual(
      ['a', 'b', 'c', 'd'].flatMap((name) => [`${name} true all 0`, `${name} false all 0`]),
    );
    table(wish).columns.forEach(({ values }, at) => {
      const [shape, growing] = [many[2 * at]?.data ?? [], many[2 * at + 1]?.data ?? []];
      const together = shape.map((value, bucket) => (value === '-' ? growing[bucket] : value));
      expect(together).toEqual(values.map(Number));
      expect(growing.map((value) => value === '-')).toEqual(values.map((_, bucket) => bucket < 98));
    });
  });

  it('draws stacks of too many bars as steps, and refuses them side by side', () => {
    const wish = { groups: ['a', 'b', 'c', 'd', 'e'], buckets: 1_096 };

    expect(seen(drawn('stacked', wish)).map(({ type }) => type)).toContain('line');
    expect(refused('bar', wish)).toMatch(/^5 bars for each of 1096/);
    expect(seen(drawn('bar', { buckets: 1_096 }))[0]?.data).toHaveLength(1_096);
  });

  it('leaves out what is switched off, and keeps the others in their colours', () => {
    const all = seen(drawn('bar', { groups: ['a', 'b', 'c'] })) as { itemStyle?: { color: string } }[];
    const key = table({ groups: ['a', 'b', 'c'] }).columns[0]?.key ?? '';
    const some = seen(drawn('bar', { groups: ['a', 'b', 'c'] }, { hidden: new Set([key]) })) as typeof all;

    expect(some.map(({ itemStyle }) => itemStyle?.color)).toEqual(
      all.slice(1).map(({ itemStyle }) => itemStyle?.color),
    );
  });

  it.each([1, 2, 3, 7])('sets %i slim bars in the middle of the places of the full ones', (bars) => {
    const number = (text: string) => Number(text.replace('%', '')) / 100;
    const centres = (slim: number) => {
      const { barCategoryGap, barGap } = layoutOf(bars, 0.2, slim);
      const used = 1 - number(barCategoryGap);
      const width = used / (bars + (bars - 1) * number(barGap));
      const first = number(barCategoryGap) / 2 + width / 2;
      return Array.from({ length: bars }, (_, index) => first + index * width * (1 + number(barGap)));
    };

    for (const [index, centre] of centres(0.6).entries()) expect(centre).toBeCloseTo(centres(1)[index] ?? 0, 3);
  });
});

describe('a bucket that is read', () => {
  it('says both dates and the change', () => {
    const read = bucketRead(input('line', { compared: true, value: () => 100 }), 3);

    expect(read?.title).toBe('Sat, 31 Oct 2026');
    expect(read?.against).toMatch(/^a year before: .* 2025$/);
    expect(read?.lines[0]).toMatchObject({ value: '100', before: '170', change: '-41%' });
  });

  it('lists the largest first when there are many, twenty at most', () => {
    const groups = Array.from({ length: 32 }, (_, index) => `g${index}`);
    const read = bucketRead(input('line', { groups, value: (_bucket, column) => column }), 0);

    expect(read?.lines).toHaveLength(20);
    expect(read?.lines[0]?.column.name).toBe('g31');
    expect(read?.more).toBe(12);
    expect(readBucket(input('line', { groups }), 0)).toContain('and 12 more');
  });

  it('says what is still growing, what is not known, and what happened', () => {
    const marks: Mark[] = [{ at: LAST, until: null, title: 'Release', kind: 'release' }];
    const words = readBucket(input('line', { gaps: [29] }, { marks }), 29);

    expect(words).toContain('still growing');
    expect(words).toContain('Downloads –');
    expect(words).toContain('Release');
  });
});

describe('marks', () => {
  const at = (days: number, hours = 1) => new Date(LAST.getTime() - days * 86_400_000 + hours * 3_600_000);
  const mark = (days: number, until: Date | null = null): Mark => ({
    at: at(days),
    until,
    title: `${days}`,
    kind: 'note',
  });
  const { buckets } = table({ buckets: 10 });

  it('stand in the bucket that they fall in; those outside are left out', () => {
    const found = markedBuckets([mark(2), mark(2), mark(40), mark(0)], buckets);

    expect(found.map(({ bucket, marks }) => [bucket, marks.length])).toEqual([
      [7, 2],
      [9, 1],
    ]);
    expect(bucketAt(buckets, buckets[4]?.end as Date)).toBe(5);
  });

  it('that last are cut to what is shown', () => {
    const spans = markedSpans([mark(40, at(5)), mark(3, at(-9)), mark(50, at(40)), mark(1)], buckets);

    expect(spans.map(({ from, to }) => [from, to])).toEqual([
      [0, 4],
      [6, 9],
    ]);
  });

  it('lead only to pages', () => {
    expect(safeUrl('https://example.org')).toBe('https://example.org');
    for (const bad of ['javascript:alert(1)', 'data:text/html,x', ' https://x', '//x', '', null])
      expect(safeUrl(bad)).toBeNull();
  });
});

describe('names on a canvas', () => {
  it('are cut between whole letters, isolated, and are no template', () => {
    expect(cut('a'.repeat(300), 10)).toBe(`\u2068${'a'.repeat(9)}…\u2069`);
    expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 2)).toBe('\u2068👩‍👩‍👧‍👦…\u2069');
    expect(cut('{b|x}', 10)).toBe('\u2068 b|x \u2069');
  });
});

describe('a pie', () => {
  it('has a slice for each part, and their whole', () => {
    const made = drawn('pie', { groups: ['a', 'b'], other: true });

    expect(series(made)[0]?.data).toHaveLength(3);
    expect(made.words(0)).toMatch(/^b: [\d,]+, \d+%$/);
  });

  it('begins with the largest and ends with the rest, each in the colour of its place among the columns', () => {
    const made = drawn('pie', { groups: ['a', 'b', 'c'], other: true });
    const slices = series(made)[0]?.data as readonly { name: string; value: number; itemStyle: { color: string } }[];
    const sizes = slices.slice(0, -1).map(({ value }) => value);

    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(slices.map((_, step) => made.words(step).split(':')[0])).toEqual(['b', 'a', 'c', 'All others']);
    expect(slices.map(({ itemStyle }) => itemStyle.color)).toEqual([
      ...[1, 0, 2].map((place) => colourOf(place, false, 'light')),
      colourOf(3, true, 'light'),
    ]);
  });

  it.each([
    ['one part', {}, /One part/],
    ['parts below zero', { groups: ['a', 'b'], value: (_b: number, c: number) => (c ? -1 : 1) }, /below zero/],
    ['too many parts', { groups: Array.from({ length: 12 }, (_, index) => `${index}`) }, /12 slices/],
    [
      'people',
      { groups: ['a', 'b'], metrics: [{ title: 'V', unit: 'visitors', kind: 'unique' as const }] },
      /no whole/,
    ],
  ])('refuses %s in words', (_what, wish, words) => {
    expect(refused('pie', wish)).toMatch(words);
  });
});

describe('a scatter chart', () => {
  const metrics = [
    { title: 'Reach', unit: 'people' },
    { title: 'Engagement', unit: 'reactions' },
  ];

  it('has a point a bucket, and says how many have not both values', () => {
    const made = drawn('scatter', { metrics, gaps: [1, 2] });

    expect(made.steps).toBe(28);
    expect(made.notes[0]).toMatch(/^2 of 30/);
  });

  it('has a point a group, by the totals', () => {
    const wish = { metrics, groups: ['a', 'b'] };
    const made = drawn('scatter', wish);
    const totals = table(wish).columns.map(({ total }) => total.value);

    expect(series(made)[0]?.data.map((point) => (point as { value: unknown }).value)).toEqual([
      totals.slice(0, 2),
      totals.slice(2),
    ]);
    expect(made.words(1)).toMatch(/^b, still growing: Reach/);
  });

  it('refuses one metric', () => {
    expect(refused('scatter')).toMatch(/exactly two/);
  });
});

describe('a gauge', () => {
  it('shows the value against its mark, and past it', () => {
    const under = drawn('gauge', { partial: 0 }, { target: 40_000 });
    const over = drawn('gauge', { partial: 0 }, { target: 10_000 });

    expect(series(under)[0]).toMatchObject({ min: 0, max: 40_000 });
    expect((series(over)[0] as unknown as { max: number }).max).toBeGreaterThan(33_000);
    expect(over.notes[0]).toContain('10,000');
  });

  it('takes the whole as the mark of a share, and refuses what has none', () => {
    const share = { metrics: [{ title: 'Rate', unit: 'share', kind: 'ratio' as const }], value: () => 0.3 };

    expect(series(drawn('gauge', share))[0]).toMatchObject({ max: 1 });
    expect(refused('gauge')).toMatch(/full mark/);
    expect(refused('gauge', { groups: ['a', 'b'] }, { target: 1 })).toMatch(/one value/);
  });
});

describe('bins', () => {
  it.each([0.3, 1, 7, 12, 99, 1_000, 123_456.789])('have widths that people read: from %d', (width) => {
    const nice = niceWidth(width);

    expect(nice).toBeGreaterThanOrEqual(width * (1 - 1e-9));
    expect([1, 2, 2.5, 5, 10]).toContain(Number((nice / 10 ** Math.floor(Math.log10(nice))).toPrecision(6)));
  });

  it('hold each value once, whatever the values are', () => {
    let state = 7;
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let round = 0; round < 300; round += 1) {
      const whole = random() < 0.5;
      const scale = 10 ** (random() * 9 - 3);
      const values = Array.from({ length: 1 + Math.floor(random() * 60) }, () => {
        const value = (random() - 0.3) * scale;
        return whole ? Math.round(value) : value;
      });
      const bins = binsOf(values, whole);
      const counts = counted(values, bins);

      expect(counts.reduce((a, b) => a + b, 0)).toBe(values.length);
      expect(bins.length).toBeLessThanOrEqual(42);
      expect(Math.min(...values)).toBeGreaterThanOrEqual((bins[0]?.from ?? 0) - 1e-9 * scale);
      expect(Math.max(...values)).toBeLessThanOrEqual((bins.at(-1)?.to ?? 0) + 1e-9 * scale);
    }
  });

  it('are stated, with what is left out', () => {
    const made = drawn('histogram', { buckets: 100, gaps: [3, 4] });

    expect(made.notes[0]).toMatch(/^Bins of \d+.*2 without a value, 1 not complete yet/);
    const bars = series(made)[0]?.data as readonly (readonly [number, number])[];
    expect(bars.reduce((sum, [, count]) => sum + count, 0)).toBe(97);
  });

  it('stand between the bounds that the axis names', () => {
    const made = drawn('histogram', { buckets: 100 });
    const axis = made.option.xAxis as { min: number; max: number; interval: number };
    const bars = series(made)[0]?.data as readonly (readonly [number, number])[];
    const width = (axis.max - axis.min) / bars.length;

    expect((axis.interval / width) % 1).toBeCloseTo(0);
    bars.forEach(([middle], index) => expect(middle).toBeCloseTo(axis.min + (index + 0.5) * width));
  });

  it('show two heaps as two', () => {
    const week = [200, 210, 205, 190, 195, 100, 95];
    const values = Array.from({ length: 13 }, () => week).flat();

    const counts = counted(values, binsOf(values, true));

    expect(counts.slice(1, -1).some((count) => count === 0)).toBe(true);
  });
});

describe('labels under the axis', () => {
  const labels = (buckets: number, room = 9) =>
    tickLabels(table({ buckets }).buckets, 'P1D', locale, room).filter(Boolean);

  it('are days, Mondays, months or years, as there is room', () => {
    expect(labels(5)).toEqual(['22 Nov', '23 Nov', '24 Nov', '25 Nov', '26 Nov']);
    expect(labels(30)).toEqual(['2 Nov', '9 Nov', '16 Nov', '23 Nov']);
    expect(labels(150)).toEqual(['Jul', 'Aug', 'Sept', 'Oct', 'Nov']);
    expect(labels(1_096)).toEqual(['2024', 'Jul', '2025', 'Jul', '2026', 'Jul']);
  });

  it('never crowd', () => {
    for (const count of [1, 2, 9, 10, 31, 59, 90, 200, 400, 800, 2_000, 3_000])
      expect(labels(count, 4).length).toBeLessThanOrEqual(4);
  });
});

describe('the keys', () => {
  it('go through a chart and stop at its ends', () => {
    expect(placeAfter('ArrowRight', false, 3, null)).toEqual({ at: 0, anchor: null });
    expect(placeAfter('ArrowLeft', false, 3, null)).toEqual({ at: 2, anchor: null });
    expect(placeAfter('ArrowRight', false, 3, { at: 2, anchor: null })?.at).toBe(2);
    expect(placeAfter('End', false, 3, null)?.at).toBe(2);
    expect(placeAfter('x', false, 3, null)).toBeNull();
    expect(placeAfter('Home', false, 0, null)).toBeNull();
  });

  it('choose a span with Shift, in whichever direction', () => {
    const first = placeAfter('ArrowLeft', true, 9, { at: 5, anchor: null });
    const second = placeAfter('ArrowLeft', true, 9, first);

    expect(second && spanOf(second)).toEqual([3, 5]);
  });
});

it.each(['line', 'area', 'bar', 'stacked', 'pie', 'scatter', 'histogram'] as const)(
  'hostile names are text in a %s',
  (kind) => {
    const metrics =
      kind === 'scatter'
        ? [
            { title: HOSTILE[0], unit: 'a' },
            { title: HOSTILE[1], unit: 'b' },
          ]
        : [{ title: HOSTILE[0], unit: 'u' }];
    const made = drawn(kind, { groups: HOSTILE, metrics });

    expect(made.words(0).length).toBeGreaterThan(3);
    // Names reach ECharts only where it draws text, never as HTML of a tooltip.
    expect(JSON.stringify(made.option.tooltip as object)).not.toContain('<img');
  },
);
