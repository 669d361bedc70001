/** What a widget is called when nobody named it: what it asks, in words. Pure. */

import type { Answered } from '../question/answer.ts';
import type { Widget } from './widget.ts';

export function titleOf(widget: Widget, answer: Answered | null): string {
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
