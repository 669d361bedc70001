/** Tokens and feeds as the API lists them. Pure. */

import { type Json, maybeInstant, maybeText, results, text } from '../../api/json.ts';

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
