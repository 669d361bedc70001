/** One metric: its numbers, what exactly it counts, and of one's own how it is made, how far it is computed, an end. */

import { useLocation, useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { type Metric, parseMetrics, parseSources } from '../../api/shapes.ts';
import { asking } from '../../question/question.ts';
import { maySql, usePage } from '../../shell/page.ts';
import { useFrame } from '../../state/address.ts';
import { instant } from '../../time/format.ts';
import { FrameBar } from '../../ui/frame-bar.tsx';
import { Loaded, LoadedPage } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Prose } from '../../ui/prose.tsx';
import { Empty } from '../../ui/states.tsx';
import { StateBadge } from '../../widgets/sources-list.tsx';
import { WidgetView } from '../../widgets/widget-view.tsx';
import type { Widget } from '../../widgets/widget.ts';
import { type Definition, EVENT_NAMES, parseDefinition } from './definition.ts';
import { DeleteMetric } from './delete-metric.tsx';
import { ADDS_UP } from './words.ts';
import './metrics.css';

const COMPUTING_MS = 5_000;
const STANDING_MS = 60_000;

const BACK = { href: '/metrics', label: 'All metrics' };

export default function MetricPage() {
  const { params } = useRoute();
  const answer = useQuery('/v1/metrics', parseMetrics);
  const name = params.name ?? '';
  return (
    <main id="content" tabIndex={-1}>
      <LoadedPage answer={answer} title="Metric" back={BACK}>
        {(metrics) => {
          const metric = metrics.find((one) => one.name === name);
          return metric ? <One key={name} metric={metric} /> : <Unknown name={name} />;
        }}
      </LoadedPage>
    </main>
  );
}

function Unknown({ name }: { readonly name: string }) {
  return (
    <>
      <PageHead title="No such metric" back={BACK} />
      <div class="panel">
        <Empty title="There is no such metric">{`None is called “${name.slice(0, 80)}”. Choose one from the list.`}</Empty>
      </div>
    </>
  );
}

function One({ metric }: { readonly metric: Metric }) {
  const framing = useFrame();
  const path = encodeURIComponent(metric.name);
  return (
    <>
      <PageHead
        back={BACK}
        title={metric.title}
        note={<Prose text={metric.description} />}
        actions={
          <a class="button" href={`/explore?metrics=${path}`}>
            Explore
          </a>
        }
      />
      <FrameBar framing={framing} />
      <div class="metric-chart">
        <WidgetView widget={chartOf(metric)} frame={framing.frame} />
      </div>
      {metric.own && <Own metric={metric} />}
      <About metric={metric} />
    </>
  );
}

function chartOf({ name, kind }: Metric): Widget {
  const question = asking([name]);
  const shown = kind === 'counter' ? 'bar' : 'line';
  return { id: 'chart', kind: shown, title: '', width: 12, height: 3, question, text: '', target: null };
}

function About({ metric }: { readonly metric: Metric }) {
  const sources = useQuery('/v1/sources', parseSources);
  const source = sources.data?.find(({ name }) => name === metric.source);
  return (
    <Panel title="About it">
      <dl class="facts">
        <div>
          <dt>Name in questions</dt>
          <dd>
            <code>{metric.name}</code>
          </dd>
        </div>
        <div>
          <dt>Unit</dt>
          <dd>
            <bdi>{metric.unit}</bdi>
          </dd>
        </div>
        <div>
          <dt>{ADDS_UP[metric.kind].word}</dt>
          <dd>{ADDS_UP[metric.kind].long}</dd>
        </div>
        <div>
          <dt>Can be grouped by</dt>
          <dd>{metric.dimensions.map((one) => one.replaceAll('_', ' ')).join(', ') || 'nothing'}</dd>
        </div>
        <div>
          <dt>Comes from</dt>
          <dd>
            <a href={`/sources/${encodeURIComponent(metric.source)}`}>
              <bdi>{source?.title ?? metric.source.replaceAll('_', ' ')}</bdi>
            </a>{' '}
            {source && <StateBadge state={source.state} />}
          </dd>
        </div>
      </dl>
    </Panel>
  );
}

function Own({ metric }: { readonly metric: Metric }) {
  const page = usePage();
  const path = `/v1/metrics/${encodeURIComponent(metric.name)}/definition`;
  const [every, setEvery] = useState(COMPUTING_MS);
  const answer = useQuery(path, parseDefinition, every);
  const wanted = answer.data?.computed === false ? COMPUTING_MS : STANDING_MS;
  if (answer.data && wanted !== every) setEvery(wanted);
  return (
    <Panel
      title="How it is made"
      tools={maySql(page) && <Tools metric={metric} etag={answer.etag} />}
      busy={answer.loading && !answer.data}
    >
      <Loaded answer={answer}>{(definition) => <Made definition={definition} />}</Loaded>
    </Panel>
  );
}

function Tools({ metric, etag }: { readonly metric: Metric; readonly etag: string | null }) {
  const [asking, setAsking] = useState(false);
  const { route } = useLocation();
  return (
    <>
      <a class="button" href={`/metrics/${encodeURIComponent(metric.name)}/change`}>
        Change
      </a>
      <button type="button" class="button danger" onClick={() => setAsking(true)}>
        Delete…
      </button>
      {asking && (
        <DeleteMetric
          metric={metric}
          etag={etag}
          onClose={() => setAsking(false)}
          onDeleted={() => route('/metrics')}
        />
      )}
    </>
  );
}

function Made({ definition }: { readonly definition: Definition }) {
  const { locale, now } = usePage();
  const { draft, version, computed, computedUntil, createdAt, createdBy, updatedAt, updatedBy } = definition;
  const { count } = draft;
  return (
    <>
      {draft.made === 'expression' ? (
        <pre class="metric-formula">
          <bdi>{draft.expression}</bdi>
        </pre>
      ) : (
        <>
          <p>
            {count.what === 'people' ? 'How many people did' : 'How many there are of'}{' '}
            {EVENT_NAMES[count.of].toLowerCase()}
            {count.filter ? ', of which:' : '.'}
          </p>
          {count.filter && (
            <pre class="metric-formula">
              <bdi>{count.filter}</bdi>
            </pre>
          )}
          {count.by.length > 0 && (
            <p class="muted">By {count.by.map(({ dimension, field }) => `${dimension} (${field})`).join(', ')}</p>
          )}
        </>
      )}
      <p role="status" data-field="computed" data-computed={computed}>
        {computed ? (
          draft.made === 'expression' ? (
            'It is calculated when it is asked: there is nothing to wait for.'
          ) : (
            <>Computed{computedUntil && <> up to {instant(computedUntil, locale, now)}</>}.</>
          )
        ) : (
          <>
            <progress class="metric-computing" aria-label="Being computed" /> It is being computed for all of history,
            which takes minutes. This page looks again by itself.
          </>
        )}
      </p>
      <p class="form-hint">
        Version {version}, made {instant(createdAt, locale, now)} by <bdi>{createdBy}</bdi>
        {version > 1 && (
          <>
            , changed {instant(updatedAt, locale, now)} by <bdi>{updatedBy}</bdi>
          </>
        )}
        . Numbers of two versions are never mixed.
      </p>
    </>
  );
}
