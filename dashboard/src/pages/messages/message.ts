/** What people were told, and how each delivery of it stands. Pure. */

import {
  count,
  isObject,
  type Json,
  maybeInstant,
  maybeText,
  object,
  objects,
  results,
  text,
  texts,
} from '../../api/json.ts';

export interface Delivery {
  readonly to: string;
  readonly state: string;
  readonly attempts: number;
  readonly reason: string | null;
  readonly sentAt: Date | null;
  readonly nextTry: Date | null;
}

export interface Message {
  readonly key: string;
  /** What it is about. */
  readonly at: Date | null;
  /** When it was told. */
  readonly putAt: Date | null;
  readonly kind: string;
  readonly severity: string;
  readonly subject: string;
  readonly short: string;
  /** Of one message by itself; a list has none. */
  readonly text: string;
  readonly files: readonly string[];
  readonly link: string | null;
  readonly deliveries: readonly Delivery[];
}

export interface Messages {
  readonly messages: readonly Message[];
  readonly next: string | null;
}

export function parseMessages(json: unknown): Messages {
  const { meta } = object(json);
  return { messages: results(json).map(message), next: isObject(meta) ? maybeText(meta.next_cursor) : null };
}

export const parseMessage = (json: unknown): Message => message(object(json, 'a message'));

function message(row: Json): Message {
  const link = maybeText(row.link);
  return {
    key: text(row.key),
    at: maybeInstant(row.at),
    putAt: maybeInstant(row.put_at),
    kind: text(row.kind),
    severity: text(row.severity),
    subject: text(row.subject),
    short: text(row.short),
    text: text(row.text),
    files: texts(row.files),
    // Of this site, or nothing: what is written elsewhere may be anybody's.
    link: link?.startsWith('/') && !link.startsWith('//') ? link : null,
    deliveries: parseDeliveries(row.deliveries),
  };
}

/** A rule's history calls the state of a delivery its step. */
export function parseDeliveries(given: unknown): Delivery[] {
  return objects(given).map((one) => ({
    to: text(one.to),
    state: text(one.state) || text(one.step),
    attempts: count(one.attempts),
    reason: maybeText(one.reason),
    sentAt: maybeInstant(one.sent_at),
    nextTry: maybeInstant(one.next_try),
  }));
}

export const isGivenUp = ({ deliveries }: Message): boolean => deliveries.some(({ state }) => state === 'dead');

const FINAL = new Set(['sent', 'dead', 'dropped']);
/** Whether nothing more will happen to it by itself. */
export const isOver = ({ deliveries }: Message): boolean => deliveries.every(({ state }) => FINAL.has(state));

const DAY_MS = 86_400_000;

/** The first day, by UTC, of so many that end with today. */
export const firstDay = (now: Date, days: number): string =>
  new Date(now.getTime() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
