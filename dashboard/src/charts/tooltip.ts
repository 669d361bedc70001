/** The box that follows the pointer. Built of nodes, never of HTML text: names come from outside. */

import type { Value } from '../question/answer.ts';
import { figure } from '../question/figure.ts';
import { bucketLong } from '../time/format.ts';
import type { ChartInput } from './input.ts';
import { colourOf } from './palette.ts';

export function tooltipNode(input: ChartInput, bucket: number): HTMLElement {
  const { table, locale, theme, hidden } = input;
  const box = element('div', 'tip');
  const at = table.buckets[bucket];
  if (!at) return box;
  const title = element('p', 'tip-title', bucketLong(at.start, at.end, table.answer.interval, locale));
  if (at.partial) title.append(element('span', 'tag', 'partial'));
  const list = element('table', '');
  table.columns.forEach((column, index) => {
    if (hidden.has(column.key)) return;
    const words = (value: Value) => figure(value, column.metric, locale.language);
    const shown = words(column.values[bucket] ?? null);
    const before = column.before ? words(column.before[bucket] ?? null) : null;
    list.append(row(column.name, shown, before, colourOf(index, column.group.other, theme)));
  });
  box.append(title, list);
  return box;
}

function row(name: string, value: string, before: string | null, colour: string): HTMLElement {
  const line = element('tr', '');
  const mark = element('td', '');
  const patch = element('i', 'tip-patch');
  patch.style.setProperty('background-color', colour); // through the CSSOM, which the policy allows
  mark.append(patch);
  const label = element('td', 'tip-name');
  label.append(element('bdi', '', name));
  line.append(mark, label, element('td', 'tip-value', value));
  if (before !== null) line.append(element('td', 'tip-before', before));
  return line;
}

export function element(tag: string, name: string, text?: string): HTMLElement {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}
