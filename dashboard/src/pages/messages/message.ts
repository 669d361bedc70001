/** What people were told, and how each delivery of it stands. Pure. */

import { count, type Json, maybeInstant, maybeText, objects, results, text } from '../../api/json.ts';

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
  readonly at: Date | null;
  readonly kind: string;
  readonly severity: string;
  readonly subject: string;
  readonly short: string;
  readonly link: string | null;
  readonly deliveries: readonly Delivery[];
}

export interface Messages {
  readonly messages: readonly Message[];
  readonly next: string | null;
}

export function parseMessages(json: unknown): Messages {
  const rows = results(json);
  const { meta } = json as { meta?: Json };
  return { messages: rows.map(message), next: maybeText(meta?.next_cursor) };
}

function message(row: Json): Message {
  const link = maybeText(row.link);
  return {
    key: text(row.key),
    at: maybeInstant(row.at),
    kind: text(row.kind),
    severity: text(row.severity),
    subject: text(row.subject),
    short: text(row.short),
    // Of this site, or nothing: what is written elsewhere may be anybody's.
    link: link?.startsWith('/') && !link.startsWith('//') ? link : null,
    deliveries: objects(row.deliveries).map((one) => ({
      to: text(one.to),
      state: text(one.state),
      attempts: count(one.attempts),
      reason: maybeText(one.reason),
      sentAt: maybeInstant(one.sent_at),
      nextTry: maybeInstant(one.next_try),
    })),
  };
}

export const isGivenUp = ({ deliveries }: Message): boolean => deliveries.some(({ state }) => state === 'dead');
