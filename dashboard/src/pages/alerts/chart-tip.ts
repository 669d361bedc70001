/** What is said of a bucket of an alert's chart. Built of nodes: names come from outside. */

import { element } from '../../charts/tooltip.ts';
import { figure } from '../../question/figure.ts';
import { bucketLong, number } from '../../time/format.ts';
import type { AlertChart } from './chart-option.ts';
import type { Point } from './preview.ts';
import { WHAT_NAMES } from './preview.ts';
import { PHASE_BADGES } from './words.ts';

export function alertTip(chart: AlertChart, bucket: number): HTMLElement {
  const box = element('div', 'tip');
  const point = chart.points[bucket];
  if (!point) return box;
  const { interval, locale } = chart;
  box.append(element('p', 'tip-title', bucketLong(point.start, point.end, interval, locale)));
  const list = element('table', '');
  for (const [name, words] of rowsOf(chart, point)) {
    const row = element('tr', '');
    row.append(element('td', 'tip-name', name), element('td', 'tip-value', words));
    list.append(row);
  }
  box.append(list);
  for (const one of chart.messages) {
    if (one.bucket === bucket) box.append(element('p', 'alerts-tip-message', WHAT_NAMES[one.what]));
  }
  return box;
}

/** The same, as a screen reader says it. */
export function alertWords(chart: AlertChart, bucket: number): string {
  const point = chart.points[bucket];
  if (!point) return '';
  const rows = rowsOf(chart, point).map(([name, words]) => `${name} ${words}`);
  const told = chart.messages.filter((one) => one.bucket === bucket).map(({ what }) => WHAT_NAMES[what]);
  return [bucketLong(point.start, point.end, chart.interval, chart.locale), ...rows, ...told].join('. ');
}

export function rowsOf({ condition, unit, locale }: AlertChart, point: Point): [string, string][] {
  const { language } = locale;
  const rows: [string, string][] = [['Value', figure(point.value, unit, language)]];
  if (point.held !== null) rows.push(heldRow(point.held));
  if (point.usual !== null) rows.push(['Usual', figure(point.usual, unit, language)]);
  if (point.low !== null && point.high !== null)
    rows.push(['From, to', `${figure(point.low, unit, language)} – ${figure(point.high, unit, language)}`]);
  rows.push(['After it', PHASE_BADGES[point.state].label]);
  return rows;

  function heldRow(held: number): [string, string] {
    if (condition.kind !== 'change') return ['Spreads from usual', number(held, language)];
    const percent = new Intl.NumberFormat(language, {
      style: 'percent',
      signDisplay: 'exceptZero',
      maximumFractionDigits: 1,
    });
    return ['Change', condition.of === 'ratio' ? percent.format(held) : figure(held, unit, language)];
  }
}
