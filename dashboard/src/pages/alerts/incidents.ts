/** What of Headwater itself is in trouble, as the API tells it. Pure. */

import { instant, isObject, maybeInstant, maybeText, object, results, text } from '../../api/json.ts';

/** What the overview, the sources and the page of incidents ask alike: one request for all of them. */
export const OPEN_INCIDENTS = '/v1/incidents?state=open&limit=500';

export interface Incident {
  readonly key: string;
  readonly subject: string;
  readonly topic: string;
  readonly open: boolean;
  readonly kind: string;
  readonly summary: string;
  readonly since: Date;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  /** False: it ended because it is not watched any more. */
  readonly recovered: boolean | null;
  readonly error: string | null;
  readonly whatToDo: string;
  /** A page of this site; null where the API names none that is. */
  readonly runbook: string | null;
  readonly told: boolean;
}

export interface IncidentPage {
  readonly incidents: readonly Incident[];
  readonly next: string | null;
}

export function parseIncidents(json: unknown): IncidentPage {
  const { meta } = object(json);
  const incidents = results(json).map((row) => {
    return {
      key: `${text(row.subject)} ${text(row.opened_at)}`,
      subject: text(row.subject),
      topic: text(row.topic),
      open: row.state === 'open',
      kind: text(row.kind),
      summary: text(row.summary),
      since: instant(row.since, 'since'),
      openedAt: instant(row.opened_at, 'opened_at'),
      closedAt: maybeInstant(row.closed_at),
      recovered: typeof row.recovered === 'boolean' ? row.recovered : null,
      error: maybeText(row.error),
      whatToDo: text(row.what_to_do),
      runbook: pageOfThisSite(row.runbook),
      told: row.told === true,
    };
  });
  return { incidents, next: isObject(meta) ? maybeText(meta.next_cursor) : null };
}

/** Only a path of this site becomes a link. */
export function pageOfThisSite(value: unknown): string | null {
  const path = maybeText(value);
  return path && /^\/runbooks\/[a-z-]+\.html$/.test(path) ? path : null;
}
