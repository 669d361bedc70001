/** What of Headwater itself is in trouble, what to do about it, and what was in the last 30 days. */

import { useQuery } from '../../api/query.ts';
import { usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { duration, instant, relative } from '../../time/format.ts';
import { Check, Warning } from '../../ui/icons.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty } from '../../ui/states.tsx';
import './alerts.css';
import { type Incident, OPEN_INCIDENTS, parseIncidents } from './incidents.ts';
import { AlertTabs } from './tabs.tsx';
import { plainKind } from './words.ts';

const EVERY_MS = 30_000;
const STATES = [
  { value: '', label: 'All' },
  { value: 'open', label: 'Open' },
  { value: 'closed', label: 'Over' },
] as const;
type State = (typeof STATES)[number]['value'];

export default function IncidentsPage() {
  const [query, set] = useParameters();
  const state: State = STATES.find(({ value }) => value === query.get('state'))?.value ?? '';
  return (
    <main id="content" tabIndex={-1}>
      <PageHead
        title="Alerts"
        note="What of Headwater itself is in trouble: a source that fails or is late, work that was given up, a schedule that was missed."
      />
      <AlertTabs current="incidents" />
      <div>
        <Segmented label="State" options={STATES} value={state} onChange={(value) => set({ state: value })} />
      </div>
      {state !== 'closed' && <OpenPanel />}
      {state !== 'open' && <PastPanel />}
    </main>
  );
}

function OpenPanel() {
  const answer = useQuery(OPEN_INCIDENTS, parseIncidents, EVERY_MS);
  return (
    <Panel title="Open" busy={answer.loading}>
      <Loaded answer={answer}>
        {({ incidents }) =>
          incidents.length === 0 ? (
            <p class="alerts-well">
              <Check /> Nothing is in trouble.
            </p>
          ) : (
            <ul class="alerts-incidents">
              {incidents.map((incident) => (
                <OpenIncident key={incident.key} incident={incident} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}

function OpenIncident({ incident }: { readonly incident: Incident }) {
  const { locale, now } = usePage();
  return (
    <li class="alerts-incident" data-subject={incident.subject}>
      <p class="alerts-incident-title">
        <span class="badge bad">
          <Warning /> {plainKind(incident.kind)}
        </span>
        <bdi>{incident.summary}</bdi>
      </p>
      <p class="muted">
        Since {instant(incident.since, locale, now)} ({relative(incident.since, now, locale.language)}); noticed{' '}
        {instant(incident.openedAt, locale, now)}
        {incident.told ? ', and told' : '; its message is not on its way yet'}. Topic <bdi>{incident.topic}</bdi>.
      </p>
      {incident.error && (
        <p class="source-error">
          <bdi>{incident.error}</bdi>
        </p>
      )}
      <p>
        {incident.whatToDo} <Runbook incident={incident} />
      </p>
    </li>
  );
}

function Runbook({ incident }: { readonly incident: Incident }) {
  return incident.runbook ? (
    <a href={incident.runbook} aria-label={`Runbook: ${incident.summary}`}>
      Runbook
    </a>
  ) : null;
}

function PastPanel() {
  const answer = useQuery('/v1/incidents?state=closed&limit=500', parseIncidents, EVERY_MS);
  return (
    <Panel title="Over" note="Those that ended in the last 30 days, the newest first." busy={answer.loading}>
      <Loaded answer={answer}>
        {({ incidents, next }) =>
          incidents.length === 0 ? (
            <Empty title="None in the last 30 days">What was in trouble, and is not any more, is listed here.</Empty>
          ) : (
            <>
              <PastTable incidents={incidents} />
              {next && <p class="note">The newest {incidents.length} are listed; the API has more.</p>}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

function PastTable({ incidents }: { readonly incidents: readonly Incident[] }) {
  const { locale, now } = usePage();
  return (
    <ListTable
      label="Incidents that are over"
      rows={incidents}
      rowKey={({ key }) => key}
      columns={[
        { title: 'What', cell: ({ summary }) => <bdi class="cut-lines">{summary}</bdi> },
        { title: 'Kind', cell: ({ kind }) => plainKind(kind) },
        { title: 'Since', cell: ({ since }) => instant(since, locale, now) },
        {
          title: 'For',
          cell: ({ since, closedAt }) =>
            closedAt ? duration((closedAt.getTime() - since.getTime()) / 1000, locale.language) : '–',
        },
        { title: 'Ended', cell: ({ recovered }) => (recovered === false ? 'no longer watched' : 'well again') },
        { title: 'Runbook', cell: (incident) => <Runbook incident={incident} /> },
      ]}
    />
  );
}
