/** Incidents of a source that are open, with what to do as the API says it. Pure. */

import { maybeInstant, maybeText, results, text } from '../../api/json.ts';

export interface Incident {
  readonly subject: string;
  readonly summary: string;
  readonly since: Date | null;
  readonly error: string | null;
  readonly whatToDo: string;
  /** A page of this site. */
  readonly runbook: string | null;
}

export function parseIncidents(json: unknown): Incident[] {
  return results(json)
    .filter((row) => row.state === 'open')
    .map((row) => ({
      subject: text(row.subject),
      summary: text(row.summary),
      since: maybeInstant(row.since),
      error: maybeText(row.error),
      whatToDo: text(row.what_to_do),
      runbook: pageOfThisSite(row.runbook),
    }));
}

/** Only a path of this site becomes a link. */
export function pageOfThisSite(value: unknown): string | null {
  const path = maybeText(value);
  return path && /^\/runbooks\/[a-z-]+\.html$/.test(path) ? path : null;
}

/** Of the source itself, and of what belongs to it (`github/expiry`). */
export function incidentsOf(source: string, all: readonly Incident[]): Incident[] {
  return all.filter(({ subject }) => subject === source || subject.startsWith(`${source}/`));
}
