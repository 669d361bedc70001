/** What a widget is called when nobody named it: what it asks, in words. Pure. */

import type { Widget } from './widget.ts';

/** Where the metrics' own titles are. */
export interface Named {
  readonly metrics: readonly { readonly name: string; readonly title: string }[];
}

export function titleOf(widget: Widget, answer: Named | null): string {
  if (widget.title) return widget.title;
  const { question } = widget;
  if (!question) return '';
  const names = question.metrics.map(
    (name) => answer?.metrics.find((metric) => metric.name === name)?.title ?? plain(name),
  );
  const by = question.groupBy.length > 0 ? ` by ${question.groupBy.map(plain).join(' and ')}` : '';
  return capitalised(names.join(', ') + by);
}

/** `utm_source` → `utm source`. */
export function plain(name: string): string {
  return name.replaceAll('_', ' ');
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
