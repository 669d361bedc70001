/** Tokens and feeds as the API lists them. Pure. */

import { type Json, maybeInstant, maybeText, results, text } from '../../api/json.ts';
import { readChosen, questionOf } from '../explore/chosen.ts';
import { askOf } from '../../question/question.ts';
import { frameOf, parseChosen } from '../../state/frame.ts';

export const SCOPES = ['read', 'sql', 'events', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
export const SCOPE_WORDS: Record<Scope, string> = {
  read: 'Read numbers: dashboards, Grafana, scripts',
  sql: 'Read numbers, and run SQL over the lake',
  events: 'Send product events, and nothing else',
  admin: 'Everything: settings, tokens, backfills',
};

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly scope: string;
  readonly prefix: string | null;
  readonly createdAt: Date | null;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

export function parseTokens(json: unknown): Token[] {
  return results(json).map((row) => ({
    id: text(row.id),
    name: text(row.name),
    description: text(row.description),
    scope: text(row.scope),
    prefix: maybeText(row.prefix),
    createdAt: maybeInstant(row.created_at),
    expiresAt: maybeInstant(row.expires_at),
    lastUsedAt: maybeInstant(row.last_used_at),
    revokedAt: maybeInstant(row.revoked_at),
  }));
}

/** Whether a token still opens anything. */
export function works({ revokedAt, expiresAt }: Token, now: Date): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

export interface Feed {
  readonly id: string;
  readonly name: string;
  readonly query: Json;
  readonly createdAt: Date | null;
  readonly createdBy: string;
  readonly revokedAt: Date | null;
}

export function parseFeeds(json: unknown): Feed[] {
  return results(json).map((row) => ({
    id: text(row.id),
    name: text(row.name),
    query: (row.query ?? {}) as Json,
    createdAt: maybeInstant(row.created_at),
    createdBy: text(row.created_by),
    revokedAt: maybeInstant(row.revoked_at),
  }));
}

/** The question that an address of the explorer asks, as a feed takes it; a sentence when it asks none. */
export function questionOfAddress(address: string, origin: string, zone: string): Json | string {
  let url: URL;
  try {
    url = new URL(address.trim(), origin);
  } catch {
    return 'This is not an address: copy it from the address bar of Explore.';
  }
  if (!url.pathname.endsWith('/explore'))
    return 'This is not an address of Explore: open the numbers there and copy it.';
  const { chosen, faults } = readChosen(url.searchParams);
  if (chosen.metrics.length === 0) return 'This address asks for no metric: choose one in Explore first.';
  if (faults[0]) return faults[0];
  const frame = frameOf(parseChosen(url.searchParams), zone);
  // Rows only: a sheet adds up for itself.
  return askOf(questionOf(chosen), frame, { totals: undefined }).body as Json;
}
