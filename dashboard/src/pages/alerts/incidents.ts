/** What of Headwater itself is in trouble, as the API tells it. Pure. */

import { instant, isObject, maybeInstant, maybeText, object, results, text } from '../../api/json.ts';

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
    const runbook = text(row.runbook);
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
      runbook: /^\/runbooks\/[\w-]+\.html$/.test(runbook) ? runbook : null,
      told: row.told === true,
    };
  });
  return { incidents, next: isObject(meta) ? maybeText(meta.next_cursor) : null };
}
