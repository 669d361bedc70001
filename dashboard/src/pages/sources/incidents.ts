/** Incidents of a source. Pure. */

import type { Incident } from '../alerts/incidents.ts';

/** Of the source itself, and of what belongs to it (`github/expiry`). */
export function incidentsOf(source: string, all: readonly Incident[]): Incident[] {
  return all.filter(({ subject }) => subject === source || subject.startsWith(`${source}/`));
}
