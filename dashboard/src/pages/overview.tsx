/** The first page: headlines, downloads by version, repositories, activity, and how fresh it all is. */

import { useQuery } from '../api/query.ts';
import { type Metric, parseMetrics, parseSources, type Source } from '../api/shapes.ts';
import type { Theme } from '../charts/palette.ts';
import type { Question, View } from '../state/view.ts';
import type { Locale } from '../time/format.ts';
import { Panel } from '../ui/panel.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { ChartSkeleton, Empty, ProblemBox } from '../ui/states.tsx';
import { activity, downloadsOf, headlines, repositoryGauges } from './choose-metrics.ts';
import { SeriesPanel } from './series-panel.tsx';
import { SourcesPanel } from './sources.tsx';
import { Tile } from './tile.tsx';

interface Props {
  readonly view: View;
  readonly question: Question;
  readonly change: (part: Partial<View>) => void;
  readonly locale: Locale;
  readonly theme: Theme;
  readonly now: Date;
}

export function Overview(props: Props) {
  const { locale, now } = props;
  const metrics = useQuery<Metric[]>('/v1/metrics', parseMetrics);
  const sources = useQuery<Source[]>('/v1/sources', parseSources);
  return (
    <main id="content" tabIndex={-1}>
      <h1 class="hidden">Overview</h1>
      {metrics.data ? (
        <Numbers {...props} metrics={metrics.data} />
      ) : metrics.error ? (
        <Panel title="Numbers">
          <ProblemBox problem={metrics.error} retry={metrics.retry} />
        </Panel>
      ) : (
        <Waiting slow={metrics.slow} />
      )}
      <SourcesPanel answer={sources} locale={locale} now={now} />
    </main>
  );
}

function Waiting({ slow }: { readonly slow: boolean }) {
  return (
    <>
      <div class="tiles" aria-hidden="true">
        {['a', 'b', 'c', 'd'].map((key) => (
          <div class="tile" key={key}>
            <div class="skeleton-tile">
              <i />
              <i />
            </div>
          </div>
        ))}
      </div>
      <div class="panel">
        <ChartSkeleton slow={slow} />
      </div>
    </>
  );
}

function Numbers(props: Props & { readonly metrics: readonly Metric[] }) {
  const { metrics, question, locale } = props;
  const tiles = headlines(metrics);
  if (metrics.length === 0) {
    return (
      <Panel title="Numbers">
        <Empty title="No metrics yet">
          The API knows no metrics. Once a source is configured and rolled up, they appear here.
        </Empty>
      </Panel>
    );
  }
  return (
    <>
      <div class="tiles">
        {tiles.map((metric) => (
          <Tile key={metric.name} metric={metric} question={question} language={locale.language} />
        ))}
      </div>
      <Downloads {...props} />
      <div class="pair">
        <Repositories {...props} />
        <Activity {...props} />
      </div>
    </>
  );
}

function Downloads({ metrics, view, change, ...rest }: Props & { readonly metrics: readonly Metric[] }) {
  const metric = downloadsOf(metrics);
  if (!metric) return null;
  return (
    <SeriesPanel
      {...rest}
      metric={metric}
      dimension="version"
      title="Downloads by version"
      shape={view.downloads}
      tools={
        <Segmented
          label="Show downloads as"
          options={[
            { value: 'bars', label: 'Bars' },
            { value: 'area', label: 'Area' },
            { value: 'table', label: 'Table' },
          ]}
          value={view.downloads}
          onChange={(downloads) => change({ downloads })}
        />
      }
    />
  );
}

function Repositories({ metrics, view, change, ...rest }: Props & { readonly metrics: readonly Metric[] }) {
  const gauges = repositoryGauges(metrics);
  const metric = gauges.find(({ name }) => name === view.repositories) ?? gauges[0];
  if (!metric) return null;
  return (
    <SeriesPanel
      {...rest}
      key={metric.name}
      metric={metric}
      dimension="repository"
      title="Repositories"
      shape={view.repositoriesAs}
      tools={
        <>
          <Segmented
            label="Metric of the repositories"
            options={gauges.map(({ name, title }) => ({ value: name, label: title }))}
            value={metric.name}
            onChange={(repositories) => change({ repositories })}
          />
          <Segmented
            label="Show repositories as"
            options={[
              { value: 'lines', label: 'Lines' },
              { value: 'table', label: 'Table' },
            ]}
            value={view.repositoriesAs}
            onChange={(repositoriesAs) => change({ repositoriesAs })}
          />
        </>
      }
    />
  );
}

function Activity({ metrics, question, locale }: Props & { readonly metrics: readonly Metric[] }) {
  const counters = activity(metrics);
  if (counters.length === 0) return null;
  return (
    <Panel title="Activity" note="What happened in all repositories in this range">
      <div class="activity">
        {counters.map((metric) => (
          <Tile key={metric.name} metric={metric} question={question} language={locale.language} small />
        ))}
      </div>
    </Panel>
  );
}
