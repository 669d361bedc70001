/** The box that follows the pointer. Built of nodes, never of HTML text: names come from outside. */

import { bucketLong, type Locale, number } from '../time/format.ts';
import type { Interval } from '../time/range.ts';
import { colourOf, type Theme } from './palette.ts';
import { type Pivot, summarise } from './table.ts';

interface Input {
  readonly table: Pivot;
  readonly bucket: number;
  readonly interval: Interval;
  readonly locale: Locale;
  readonly theme: Theme;
  readonly hidden: ReadonlySet<string>;
  readonly withTotal: boolean;
}

export function tooltipNode(input: Input): HTMLElement {
  const { table, bucket, interval, locale } = input;
  const box = element('div', 'tip');
  const at = table.buckets[bucket];
  if (!at) return box;
  const title = element('p', 'tip-title', bucketLong(at.start, at.end, interval, locale));
  if (at.partial) title.append(element('span', 'tag', 'partial'));
  const list = element('table', '');
  const shown = table.columns
    .map((column, index) => ({ column, index, value: column.values[bucket] ?? null }))
    .filter(({ column }) => !input.hidden.has(column.name));
  for (const { column, index, value } of shown) {
    list.append(row(column.name, value, locale, colourOf(index, column.groups > 1, input.theme)));
  }
  if (input.withTotal && shown.length > 1) {
    list.append(
      row(
        'Total',
        summarise(
          shown.map(({ value }) => value),
          'counter',
        ),
        locale,
        null,
      ),
    );
  }
  box.append(title, list);
  return box;
}

function row(name: string, value: number | null, { language }: Locale, colour: string | null): HTMLElement {
  const line = element('tr', colour ? '' : 'tip-total');
  const mark = element('td', '');
  if (colour) {
    const patch = element('i', 'tip-patch');
    patch.style.setProperty('background-color', colour); // through the CSSOM, which the policy allows
    mark.append(patch);
  }
  const label = element('td', 'tip-name');
  label.append(element('bdi', '', name));
  line.append(mark, label, element('td', 'tip-value', value === null ? '–' : number(value, language)));
  return line;
}

function element(tag: string, name: string, text?: string): HTMLElement {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}
