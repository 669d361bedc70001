/** The parts of a report: what each asks, in words and as an address, and how one is made of what is looked at. Pure. */

import { isObject, type Json, oneOf, text } from '../../api/json.ts';
import { filterLine } from '../../question/filter-json.ts';
import {
  askOf,
  COMPARE_NAMES,
  COMPARES,
  type Frame,
  parseQuestion,
  type Question,
  readRange,
} from '../../question/question.ts';
import { frameOf } from '../../state/frame.ts';
import { INTERVAL_NAMES, INTERVALS } from '../../time/range.ts';
import { DEFAULT_RANGE, type Range, rangeWords } from '../../time/words.ts';
import { explorerAddress } from '../../widgets/explore-address.ts';
import { plain, titleOf } from '../../widgets/title.ts';
import { askedBy, type Widget } from '../../widgets/widget.ts';
import type { Saved } from '../sql/statement.ts';
import { valuesOf, valueWords } from './saved-values.ts';

/** The API's own bounds. */
export const MOST_PARTS = 20;
export const LONGEST_TITLE = 120;

export interface Known {
  /** Titles by name. */
  readonly metrics: ReadonlyMap<string, string>;
  /** By id. */
  readonly saved: ReadonlyMap<string, Saved>;
}

/** What a part asks, in words. */
export function partWords(part: Json, { metrics, saved }: Known = NOTHING_KNOWN): string {
  if (typeof part.saved_query === 'string') {
    const named = `Saved query: ${saved.get(part.saved_query)?.name ?? part.saved_query}`;
    return [named, ...valuesOf(part).map(valueWords)].join(' · ');
  }
  if (typeof part.sql === 'string') return `SQL: ${part.sql}`;
  const query = isObject(part.query) ? part.query : {};
  const question = parseQuestion(query);
  if (!question) return '';
  const compare = oneOf(COMPARES, query.compare);
  const filter = filterLine(query.filter);
  return [
    question.metrics.map((name) => metrics.get(name) ?? plain(name)).join(', ') + byWords(question),
    rangeWords(rangeOf(query)),
    question.interval && `by ${INTERVAL_NAMES[question.interval].toLowerCase()}`,
    filter && `where ${filter}`,
    compare && `compared with ${COMPARE_NAMES[compare]}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

const NOTHING_KNOWN: Known = { metrics: new Map(), saved: new Map() };

function byWords({ groupBy, top }: Question): string {
  if (groupBy.length === 0) return '';
  return ` by ${groupBy.map(plain).join(' and ')}${top ? `, the ${top} largest` : ''}`;
}

/** A range in words, or two dates beside one another. */
function rangeOf(query: Json): Range {
  return readRange(query.range) ?? readRange({ from: query.from, to: query.to }) ?? DEFAULT_RANGE;
}

/** Where the explorer shows what a part asks; null for SQL. */
export function partAddress(part: Json, viewer: string): string | null {
  const query = isObject(part.query) ? part.query : null;
  const question = query && parseQuestion(query);
  if (!question) return null;
  const [range, interval, compare] = [rangeOf(query), oneOf(INTERVALS, query.interval), oneOf(COMPARES, query.compare)];
  const frame = frameOf({ range, interval, zone: text(query.tz) || 'UTC', compare }, viewer);
  const asked = { ...question, filter: filterLine(query.filter), range: null, interval: null };
  return explorerAddress(widgetOf(asked), frame, viewer);
}

const widgetOf = (question: Question): Widget => ({
  id: 'part',
  kind: 'line',
  title: '',
  width: 12,
  height: 3,
  question,
  text: '',
  target: null,
});

/** What is looked at as a part. Rows only: a sheet adds up for itself. */
export function partOfQuestion(title: string, question: Question, frame: Frame): Json {
  return { title, query: askOf(question, frame, { totals: undefined }).body };
}

/** A widget as a part, over the days and in the time of its dashboard; null for what asks nothing. */
export function partOfWidget(
  widget: Widget,
  { range, zone }: { readonly range: Range | null; readonly zone: string | null },
  viewer: string,
  metrics: Known['metrics'],
): Json | null {
  const question = askedBy(widget);
  if (!question) return null;
  const frame = frameOf({ range: question.range, interval: question.interval, zone: null, compare: null }, viewer, {
    range,
    zone,
  });
  return partOfQuestion(titleOf(widget, named(metrics)), question, frame);
}

/** A question as a part that nobody has named yet. */
export function partOfQuery(query: Json, metrics: Known['metrics']): Json {
  const question = parseQuestion(query);
  return { title: question ? titleOf(widgetOf(question), named(metrics)) : '', query };
}

const named = (metrics: Known['metrics']) => ({ metrics: [...metrics].map(([name, title]) => ({ name, title })) });

/** No half of a sign at the end. */
const cutTo = (most: number, text: string) =>
  text
    .slice(0, most)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim();

/** Each part has a title of its own, of signs that can be printed. */
export function freeTitle(wanted: string, parts: readonly Json[]): string {
  const taken = new Set(parts.map(({ title }) => text(title)));
  const clean = cutTo(LONGEST_TITLE, wanted.replace(/[\p{C}\p{Z}]/gu, ' ').trim()) || 'Numbers';
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? '' : ` (${number})`;
    const title = cutTo(LONGEST_TITLE - end.length, clean) + end;
    if (!taken.has(title)) return title;
  }
}

/** The parts with one more at the end. */
export function withPart(parts: readonly Json[], part: Json): readonly Json[] {
  return [...parts, { ...part, title: freeTitle(text(part.title), parts) }];
}

/** The parts with one at another place. */
export function movedPart(parts: readonly Json[], from: number, to: number): readonly Json[] {
  const one = parts[from];
  return one && to >= 0 && to < parts.length ? parts.toSpliced(from, 1).toSpliced(to, 0, one) : parts;
}
