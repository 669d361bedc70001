/** The box at the pointer. Built of nodes, never of HTML text: names come from outside. */

import type { ChartInput } from './input.ts';
import { colourOf } from './palette.ts';
import { bucketRead } from './reading.ts';

/** ECharts' own box, with nothing of its looks; `node` makes what is in it. */
export function tooltip(node: (shown: Shown) => HTMLElement): Record<string, unknown> {
  return {
    trigger: 'item',
    confine: true,
    className: 'chart-tooltip',
    padding: 0,
    borderWidth: 0,
    backgroundColor: 'transparent',
    transitionDuration: 0,
    formatter: (shown: unknown) => node(shownOf(shown)),
  };
}

export function axisTooltip(axis: string, bars: boolean, node: (bucket: number) => HTMLElement) {
  return {
    ...tooltip(({ dataIndex }) => node(dataIndex)),
    trigger: 'axis',
    axisPointer: { type: bars ? 'shadow' : 'line', lineStyle: { color: axis, type: 'solid' } },
  };
}

export interface Shown {
  readonly dataIndex: number;
  readonly seriesIndex: number;
}

/** ECharts hands hovered items over one by one, or as a list of all of one bucket, of which the first is the carrier. */
function shownOf(shown: unknown): Shown {
  const first: unknown = Array.isArray(shown) ? (shown as unknown[])[0] : shown;
  const { dataIndex, seriesIndex } = (first ?? {}) as { dataIndex?: unknown; seriesIndex?: unknown };
  return { dataIndex: Number(dataIndex ?? 0), seriesIndex: Number(seriesIndex ?? 0) };
}

export function bucketNode(input: ChartInput, bucket: number): HTMLElement {
  const box = element('div', 'tip');
  const read = bucketRead(input, bucket);
  if (!read) return box;
  const title = element('p', 'tip-title', read.title);
  if (read.partial) title.append(element('span', 'tag', 'still growing'));
  box.append(title);
  if (read.against) box.append(element('p', 'tip-note', read.against));
  const list = element('table', '');
  for (const { column, index, value, before, change } of read.lines) {
    const line = row(column.name, value, colourOf(index, column.group.other, input.theme));
    if (before !== null) line.append(element('td', 'tip-before', before), element('td', 'tip-before', change ?? ''));
    list.append(line);
  }
  box.append(list);
  if (read.more > 0) box.append(element('p', 'tip-note', `… and ${read.more} more`));
  for (const mark of read.marks) box.append(named('p', 'tip-mark', mark));
  return box;
}

/** A box of a title and some lines of a name and a value. */
export function plainNode(title: string, lines: readonly (readonly [string, string])[], colour?: string): HTMLElement {
  const box = element('div', 'tip');
  const list = element('table', '');
  for (const [name, value] of lines) list.append(row(name, value, colour));
  box.append(named('p', 'tip-title', title), list);
  return box;
}

function row(name: string, value: string, colour?: string): HTMLElement {
  const line = element('tr', '');
  if (colour) {
    const mark = element('td', '');
    const patch = element('i', 'tip-patch');
    patch.style.setProperty('background-color', colour); // through the CSSOM, which the policy allows
    mark.append(patch);
    line.append(mark);
  }
  line.append(named('td', 'tip-name', name), element('td', 'tip-value', value));
  return line;
}

function named(tag: string, name: string, text: string): HTMLElement {
  const node = element(tag, name);
  node.append(element('bdi', '', text));
  return node;
}

export function element(tag: string, name: string, text?: string): HTMLElement {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}
