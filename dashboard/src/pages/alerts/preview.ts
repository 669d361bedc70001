/** A rule tried on the past, as the API answers it. Pure. */

import {
  count,
  instant,
  isObject,
  maybeInstant,
  maybeText,
  object,
  objects,
  oneOf,
  results,
  text,
  texts,
} from '../../api/json.ts';
import { type Delivery, parseDeliveries } from '../messages/message.ts';
import { decimal, type GroupNames, groupNames, groupTitle, type Phase, PHASES } from './rule.ts';

export const WHATS = ['fired', 'still', 'recovered', 'no_data', 'error', 'ended'] as const;
export type What = (typeof WHATS)[number];
export const WHAT_NAMES: Record<What, string> = {
  fired: 'Fired',
  still: 'Still firing',
  recovered: 'Recovered',
  no_data: 'No data',
  error: 'Error',
  ended: 'Ended',
};

export interface Point {
  readonly start: Date;
  readonly end: Date;
  readonly value: number | null;
  /** What was held against the mark where that is another number: a change, a score. */
  readonly held: number | null;
  readonly usual: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** After this bucket. */
  readonly state: Phase;
}

export interface Line {
  readonly key: string;
  readonly title: string;
  readonly points: readonly Point[];
}

export interface Told {
  readonly what: What;
  readonly at: Date;
  readonly key: string;
  readonly title: string;
  /** Of the bucket that it is about. */
  readonly start: Date | null;
  readonly subject: string;
}

export interface Previewed {
  readonly told: readonly Told[];
  readonly lines: readonly Line[];
  readonly summary: string;
  readonly fired: number;
  readonly firingSeconds: number;
  readonly messages: number;
  readonly truncated: boolean;
  readonly completeUntil: Date | null;
  readonly late: boolean;
  readonly warnings: readonly string[];
}

export function parsePreview(json: unknown): Previewed {
  const row = object(json);
  const meta = isObject(row.meta) ? row.meta : {};
  return {
    told: results(json).map((one) => {
      const group = groupNames(one.group);
      return {
        what: oneOf(WHATS, one.what) ?? 'fired',
        at: instant(one.at, 'at'),
        key: groupKey(group),
        title: groupTitle(group),
        start: maybeInstant(one.start),
        subject: text(one.subject),
      };
    }),
    lines: objects(row.series).map((one) => {
      const group = groupNames(one.group);
      return { key: groupKey(group), title: groupTitle(group), points: objects(one.points).map(point) };
    }),
    summary: text(meta.summary),
    fired: count(meta.fired),
    firingSeconds: count(meta.firing_s),
    messages: count(meta.messages),
    truncated: meta.truncated === true,
    completeUntil: maybeInstant(meta.complete_until),
    late: meta.late === true,
    warnings: texts(meta.warnings),
  };
}

function point(row: Record<string, unknown>): Point {
  return {
    start: instant(row.start, 'start'),
    end: instant(row.end, 'end'),
    value: toDraw(row.value),
    held: toDraw(row.held),
    usual: toDraw(row.usual),
    low: toDraw(row.low),
    high: toDraw(row.high),
    state: oneOf(PHASES, row.state) ?? 'normal',
  };
}

/** A double is enough to draw; what is said in words comes from the API as text. */
function toDraw(given: unknown): number | null {
  const found = decimal(given);
  return found === null || Number.isNaN(Number(found)) ? null : Number(found);
}

export function groupKey(group: GroupNames): string {
  return JSON.stringify(Object.entries(group));
}

export interface Span {
  readonly from: Date;
  readonly until: Date;
}

export const isActive = (state: Phase): boolean => state === 'firing' || state === 'recovering';

/** The times in which it would have fired: runs of buckets after which it did. */
export function firingSpans(points: readonly Point[]): Span[] {
  const spans: { from: Date; until: Date }[] = [];
  let open = false;
  for (const { start, end, state } of points) {
    const active = isActive(state);
    const last = spans.at(-1);
    if (active && open && last) last.until = end;
    else if (active) spans.push({ from: start, until: end });
    open = active;
  }
  return spans;
}

/** From the first bucket on of which something is known: before there was a source there is nothing to see. */
export function sinceKnown(line: Line): Line {
  const first = line.points.findIndex(({ value }) => value !== null);
  return first > 0 ? { ...line, points: line.points.slice(first) } : line;
}

/** Groups for a choice, those first of which most would be said. */
export function linesByMessages(found: Previewed): { readonly line: Line; readonly messages: number }[] {
  const counts = new Map<string, number>();
  for (const { key } of found.told) counts.set(key, (counts.get(key) ?? 0) + 1);
  return found.lines
    .map((line) => ({ line, messages: counts.get(line.key) ?? 0 }))
    .sort((a, b) => b.messages - a.messages);
}

export interface HistoryMessage {
  readonly id: string;
  readonly what: What;
  readonly at: Date;
  readonly putAt: Date | null;
  readonly subject: string;
  readonly text: string;
  readonly deliveries: readonly Delivery[];
}

export interface History {
  readonly messages: readonly HistoryMessage[];
  readonly next: string | null;
}

export function parseHistory(json: unknown): History {
  const { meta } = object(json);
  const messages = results(json).map((row) => ({
    id: text(row.id),
    what: oneOf(WHATS, row.what) ?? 'fired',
    at: instant(row.at, 'at'),
    putAt: maybeInstant(row.put_at),
    subject: text(row.subject),
    text: text(row.text),
    deliveries: parseDeliveries(row.deliveries),
  }));
  return { messages, next: isObject(meta) ? maybeText(meta.next_cursor) : null };
}
