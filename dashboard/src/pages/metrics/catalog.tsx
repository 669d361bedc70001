/** Every metric that there is: what it counts, how it adds up, by what it can be grouped, and how its source stands. */

import { useMemo } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { type Metric, parseMetrics, parseSources, type Source } from '../../api/shapes.ts';
import { maySql, usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Prose } from '../../ui/prose.tsx';
import { Empty } from '../../ui/states.tsx';
import { StateBadge } from '../../widgets/sources-list.tsx';
import { ADDS_UP, found, groupsOf, type MetricGroup, OWN } from './words.ts';
import './metrics.css';

export default function Catalog() {
  const page = usePage();
  const answer = useQuery('/v1/metrics', parseMetrics);
  const sources = useQuery('/v1/sources', parseSources);
  const [query, change] = useParameters();
  const wanted = query.get('q') ?? '';
  const of = query.get('source') ?? '';
  const titles = useMemo(() => new Map(sources.data?.map(({ name, title }) => [name, title])), [sources.data]);
  const all = answer.data ?? [];
  const choices = groupsOf(all, titles);
  const chosen = all.filter(
    (metric) =>
      (of === '' || (of === OWN ? metric.own : metric.source === of)) &&
      found(metric, titles.get(metric.source) ?? '', wanted),
  );
  return (
    <main id="content" tabIndex={-1}>
      <PageHead
        title="Metrics"
        note="What can be asked, how it adds up, and where it comes from."
        actions={
          maySql(page) ? (
            <a class="button primary" href="/new-metric">
              New metric
            </a>
          ) : null
        }
      />
      <section class="toolbar" aria-label="Which metrics">
        <label class="field grow">
          <span>Search</span>
          <input
            type="search"
            value={wanted}
            placeholder="A title, a unit, a dimension…"
            onInput={(event) => change({ q: event.currentTarget.value }, true)}
          />
        </label>
        <label class="field">
          <span>From</span>
          <select value={of} onChange={(event) => change({ source: event.currentTarget.value })}>
            <option value="">every source</option>
            {choices.map(({ source, title }) => (
              <option key={source} value={source}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <p class="muted" role="status">
          {answer.data ? `${chosen.length} of ${all.length}` : ''}
        </p>
      </section>
      <Loaded answer={answer}>
        {() =>
          chosen.length === 0 ? (
            <div class="panel">
              <Empty title="No metric is like that">Try another word, or every source.</Empty>
            </div>
          ) : (
            groupsOf(chosen, titles).map((group) => (
              <Group key={group.source} group={group} source={sourceOf(group, sources.data)} />
            ))
          )
        }
      </Loaded>
    </main>
  );
}

const sourceOf = ({ source }: MetricGroup, all: readonly Source[] | null) =>
  all?.find(({ name }) => name === source) ?? null;

function Group({ group, source }: { readonly group: MetricGroup; readonly source: Source | null }) {
  return (
    <Panel
      title={group.title}
      note={group.source === OWN ? 'Metrics that people have defined' : undefined}
      tools={
        source && (
          <a class="metric-state-link" href={`/sources/${encodeURIComponent(source.name)}`}>
            <span class="hidden">{source.title}: </span>
            <StateBadge state={source.state} />
          </a>
        )
      }
    >
      <ul class="metrics">
        {group.metrics.map((metric) => (
          <MetricItem key={metric.name} metric={metric} />
        ))}
      </ul>
    </Panel>
  );
}

function MetricItem({ metric }: { readonly metric: Metric }) {
  const { name, title, unit, kind, dimensions, description } = metric;
  const path = encodeURIComponent(name);
  return (
    <li class="metric" data-metric={name}>
      <div class="metric-head">
        <a class="metric-title" href={`/metrics/${path}`}>
          <bdi>{title}</bdi>
        </a>
        <a class="button small" href={`/explore?metrics=${path}`} aria-label={`Explore ${title}`}>
          Explore
        </a>
      </div>
      <p class="metric-about">
        <Prose text={description} />
      </p>
      <p class="metric-facts">
        <code>{name}</code>
        <bdi class="cut">{unit}</bdi>
        <span title={ADDS_UP[kind].long}>{ADDS_UP[kind].word}</span>
        {dimensions.length > 0 && (
          <span class="cut-lines">by {dimensions.map((one) => one.replaceAll('_', ' ')).join(', ')}</span>
        )}
      </p>
    </li>
  );
}
