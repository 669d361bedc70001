/** What is wrong with a source in its own words, what to do, and where that is written in full. */

import { useQuery } from '../../api/query.ts';
import type { Source } from '../../api/shapes.ts';
import { usePage } from '../../shell/page.ts';
import { number, relative } from '../../time/format.ts';
import { type Incident, OPEN_INCIDENTS, parseIncidents } from '../alerts/incidents.ts';
import { incidentsOf } from './incidents.ts';
import { toDo } from './words.ts';

export function Advice({ source }: { readonly source: Source }) {
  const { data } = useQuery(OPEN_INCIDENTS, parseIncidents);
  const open = incidentsOf(source.name, data?.incidents ?? []);
  const general = toDo(source.state);
  if (open.length === 0 && !general && !source.error) return null;
  return (
    <div class="source-advice">
      {source.error && <LastError source={source} />}
      {open.map((incident) => (
        <Open key={incident.key} incident={incident} />
      ))}
      {open.length === 0 && general && (
        <p>
          {general.say} <a href={general.runbook}>Read the runbook</a>
        </p>
      )}
    </div>
  );
}

function LastError({ source }: { readonly source: Source }) {
  const { locale, now } = usePage();
  const { failures, retryAt } = source;
  return (
    <p class="source-error">
      <strong>Last error: </strong>
      <bdi>{source.error}</bdi>
      {failures > 1 && ` (${number(failures, locale.language)} runs in a row)`}
      {retryAt && ` It is tried again ${retryAt <= now ? 'now' : relative(retryAt, now, locale.language)}.`}
    </p>
  );
}

function Open({ incident }: { readonly incident: Incident }) {
  const { locale, now } = usePage();
  return (
    <p>
      <strong>
        <bdi>{incident.summary}</bdi>
        {`, since ${relative(incident.since, now, locale.language)}.`}
      </strong>{' '}
      {incident.whatToDo} {incident.runbook && <a href={incident.runbook}>Read the runbook</a>}
    </p>
  );
}
