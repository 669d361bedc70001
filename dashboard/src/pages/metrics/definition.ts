/** What somebody's metric is made of, as the API keeps it. Pure. */

import { count, instant, isObject, type Json, maybeInstant, object, oneOf, text } from '../../api/json.ts';
import { faultIn, type Filter, parseFilter } from '../../question/filter.ts';
import { filterLine } from '../../question/filter-json.ts';
import type { Span, TextFault } from '../../question/scan.ts';

/** What can be counted, and the fields that each kind of event has beside `properties.…`. */
export const EVENT_FIELDS = {
  product_events: ['source', 'event', 'user_id', 'account_id'],
  mixpanel_events: ['source', 'event', 'user_id'],
  web_events: ['kind', 'site', 'host', 'path', 'section', 'referrer', 'target', 'name', 'browser', 'os', 'device'],
} as const;
export type Events = keyof typeof EVENT_FIELDS;
export const EVENTS = Object.keys(EVENT_FIELDS) as Events[];
export const EVENT_NAMES: Record<Events, string> = {
  product_events: 'Product events',
  mixpanel_events: 'Mixpanel events',
  web_events: 'Web events',
};
export const COUNTED = ['events', 'people'] as const;
export type Counted = (typeof COUNTED)[number];

export interface Count {
  readonly of: Events;
  readonly what: Counted;
  /** As people type it; empty: all of them. */
  readonly filter: string;
  readonly by: readonly By[];
}

/** A dimension of the metric, and the field of the events that it shows. */
export interface By {
  readonly dimension: string;
  readonly field: string;
}

/** What a form holds. */
export interface Draft {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly description: string;
  readonly made: 'expression' | 'count';
  readonly expression: string;
  readonly count: Count;
}

export const NO_COUNT: Count = { of: 'product_events', what: 'events', filter: '', by: [] };
export const NEW: Draft = {
  name: '',
  title: '',
  unit: '',
  description: '',
  made: 'expression',
  expression: '',
  count: NO_COUNT,
};

export interface Definition {
  readonly draft: Draft;
  readonly version: number;
  readonly computed: boolean;
  readonly computedUntil: Date | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

export function parseDefinition(json: unknown): Definition {
  const row = object(json);
  return {
    draft: {
      name: text(row.name),
      title: text(row.title),
      unit: text(row.unit),
      description: text(row.description),
      made: isObject(row.count) ? 'count' : 'expression',
      expression: text(row.expression),
      count: isObject(row.count) ? parseCount(row.count) : NO_COUNT,
    },
    version: count(row.version),
    computed: row.computed === true,
    computedUntil: maybeInstant(row.computed_until),
    createdAt: instant(row.created_at, 'created_at'),
    createdBy: text(row.created_by),
    updatedAt: instant(row.updated_at, 'updated_at'),
    updatedBy: text(row.updated_by),
  };
}

function parseCount(json: Json): Count {
  const by = isObject(json.by) ? json.by : {};
  return {
    of: oneOf(EVENTS, json.of) ?? 'product_events',
    what: oneOf(COUNTED, json.what) ?? 'events',
    filter: filterLine(json.filter) ?? '',
    by: Object.entries(by).map(([dimension, field]) => ({ dimension, field: text(field) })),
  };
}

/** The body of a request. */
export function bodyOf({ name, title, unit, description, made, expression, count: counted }: Draft): Json {
  const said = { name, title: title.trim(), unit: unit.trim(), description: description.trim() };
  if (made === 'expression') return { ...said, expression };
  const { of, what, filter, by } = counted;
  return {
    ...said,
    count: {
      of,
      what,
      ...(filter.trim() ? { filter } : {}),
      by: Object.fromEntries(by.map(({ dimension, field }) => [dimension, field])),
    },
  };
}

/** A place in a text, and what is wrong there. */
export interface Fault extends Span {
  readonly detail: string;
  /** What was probably meant, in its place. */
  readonly instead?: string | null;
}

export const faultOf = ({ from, to, message }: TextFault): Fault => ({ from, to, detail: message });

/** Where the API saw it: `Character 7: …` or `At column 7 …`, from 1. */
export function faultAt(detail: string | null, text: string): Fault | null {
  const place = /(?:Character|column) (\d+)/i.exec(detail ?? '')?.[1];
  if (!detail || !place) return null;
  const from = Math.min(Number(place) - 1, text.length);
  const word = /^\w+/.exec(text.slice(from))?.[0].length ?? 1;
  return { from, to: from + word, detail };
}

/** What is wrong with the text of a filter over the fields of events; null when nothing is. */
export function filterFault(filter: string, of: Events): Fault | null {
  if (!filter.trim()) return null;
  const unread = faultIn(filter);
  if (unread) return faultOf(unread);
  const found = dimensionsOf(parseFilter(filter)).find((name) => !isField(name, of));
  if (found === undefined) return null;
  const from = Math.max(0, filter.indexOf(found));
  const known = EVENT_FIELDS[of].join(', ');
  const detail = `${EVENT_NAMES[of]} have no field “${found}”: they have ${known} and properties.…`;
  return { from, to: from + found.length, detail };
}

function dimensionsOf(filter: Filter): string[] {
  if (filter.kind === 'condition') return [filter.dimension];
  return filter.kind === 'not' ? dimensionsOf(filter.of) : filter.of.flatMap(dimensionsOf);
}

export function isField(name: string, of: Events): boolean {
  return EVENT_FIELDS[of].some((field) => field === name) || /^properties(\.[A-Za-z_]\w*){1,4}$/.test(name);
}
