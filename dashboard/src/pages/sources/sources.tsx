/** Every source: how it stands, up to when it is complete, and what needs a look. */

import { useQuery } from '../../api/query.ts';
import { parseSources, type Source } from '../../api/shapes.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { ago, duration, instant, number, relative } from '../../time/format.ts';
import { ListTable, type ListColumn } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty } from '../../ui/states.tsx';
import { StateBadge, summary } from '../../widgets/sources-list.tsx';
import { JobsPanel } from './jobs.tsx';
import { LagBar } from './lag-bar.tsx';
import { KIND_WORDS } from './words.ts';
import './sources.css';

const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'look', label: 'Need a look' },
] as const;
type Shown = (typeof SHOWN)[number]['value'];

export const needsALook = ({ state, rejected }: Source): boolean => state !== 'ok' || rejected > 0;

/** Those that need a look first, otherwise as the API orders them. */
export function inOrder(sources: readonly Source[], shown: Shown): Source[] {
  const look = sources.filter(needsALook);
  return shown === 'look' ? look : [...look, ...sources.filter((one) => !needsALook(one))];
}

export default function Sources() {
  const page = usePage();
  const answer = useQuery('/v1/sources', parseSources);
  const [query, change] = useParameters();
  const shown: Shown = query.get('show') === 'look' ? 'look' : 'all';
  return (
    <main id="content" tabIndex={-1}>
      <PageHead
        title="Sources"
        note="Where the numbers come from, up to when they are complete, and what was set aside."
      />
      <Panel
        title="How they stand"
        note={answer.data ? summary(answer.data) : undefined}
        busy={answer.loading}
        tools={
          <Segmented
            label="Which sources"
            options={SHOWN}
            value={shown}
            onChange={(value) => change({ show: value === 'all' ? null : value })}
          />
        }
      >
        <Loaded answer={answer}>{(sources) => <List sources={inOrder(sources, shown)} shown={shown} />}</Loaded>
      </Panel>
      {isAdmin(page) && <JobsPanel source={null} />}
    </main>
  );
}

function List({ sources, shown }: { readonly sources: readonly Source[]; readonly shown: Shown }) {
  const { locale, now } = usePage();
  if (sources.length === 0) {
    return shown === 'look' ? (
      <Empty title="All is well">Every source is up to date, and nothing was set aside.</Empty>
    ) : (
      <Empty title="No sources yet">Sources are configured where Headwater is deployed; each appears here.</Empty>
    );
  }
  const columns: readonly ListColumn<Source>[] = [
    {
      title: 'Source',
      cell: (source) => (
        <span class="source-cell source-named">
          <a class="source-link" href={`/sources/${encodeURIComponent(source.name)}`}>
            <bdi>{source.title}</bdi>
          </a>
          <span class="form-hint">{KIND_WORDS[source.kind]}</span>
        </span>
      ),
    },
    {
      title: 'State',
      cell: (source) => (
        <span class="source-cell">
          <StateBadge state={source.state} />
          {source.error && <bdi class="source-cause cut-lines">{source.error}</bdi>}
        </span>
      ),
    },
    {
      title: 'Complete up to',
      cell: ({ watermark }) => (
        <span class="source-nowrap">{watermark ? instant(watermark, locale, now) : 'not yet'}</span>
      ),
    },
    {
      title: 'Behind now',
      cell: (source) => (
        <span class="source-cell">
          <span class="source-nowrap">
            {source.lagSeconds === null ? '–' : duration(source.lagSeconds, locale.language)}
          </span>
          <LagBar source={source} />
        </span>
      ),
    },
    {
      title: 'Last commit',
      cell: ({ lastCommitAt }) => (
        <span class="source-nowrap">{lastCommitAt ? ago(lastCommitAt, now, locale.language) : 'none'}</span>
      ),
    },
    {
      title: 'Next run',
      cell: ({ nextRunAt }) => (
        <span class="source-nowrap">
          {nextRunAt ? (nextRunAt <= now ? 'due now' : relative(nextRunAt, now, locale.language)) : '–'}
        </span>
      ),
    },
    { title: 'Records', numeric: true, cell: ({ records }) => number(records.ok, locale.language) },
    {
      title: 'Set aside',
      numeric: true,
      cell: ({ name, rejected }) =>
        rejected > 0 ? (
          <a class="attention source-link" href={`/sources/${encodeURIComponent(name)}#rejected`}>
            {number(rejected, locale.language)}
          </a>
        ) : (
          '0'
        ),
    },
  ];
  return <ListTable label="Sources" rows={sources} columns={columns} rowKey={({ name }) => name} />;
}
