/** How fresh every source is, in words, with a shape and a colour beside them. */

import type { ComponentChildren } from 'preact';
import { useQuery } from '../api/query.ts';
import { parseSources, type Source, type SourceState } from '../api/shapes.ts';
import { usePage } from '../shell/page.ts';
import { duration, instant, type Locale, number, relative } from '../time/format.ts';
import { Check, Clock, Dash, Mute, Pause, Warning } from '../ui/icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { Empty, ProblemBox, RowsSkeleton, StaleNote } from '../ui/states.tsx';

const WORDS: Record<SourceState, { word: string; tone: string; icon: () => preact.JSX.Element }> = {
  ok: { word: 'Up to date', tone: 'good', icon: Check },
  late: { word: 'Late', tone: 'warn', icon: Clock },
  silent: { word: 'Silent: nothing arrives', tone: 'warn', icon: Mute },
  failing: { word: 'Failing', tone: 'bad', icon: Warning },
  rate_limited: { word: 'Waiting: rate limited', tone: 'warn', icon: Pause },
  never_run: { word: 'Never run', tone: 'idle', icon: Dash },
  unknown: { word: 'Unknown', tone: 'idle', icon: Dash },
};

export function StateBadge({ state }: { readonly state: SourceState }) {
  const { word, tone, icon: Icon } = WORDS[state];
  return (
    <span class={`badge ${tone}`}>
      <Icon />
      {word}
    </span>
  );
}

interface Props {
  readonly title: string;
  readonly tools?: ComponentChildren;
}

export function SourcesWidget({ title, tools }: Props) {
  const { locale, now } = usePage();
  const answer = useQuery('/v1/sources', parseSources);
  const { data } = answer;
  const at = answer.fetchedAt ? instant(answer.fetchedAt, locale, now) : '';
  return (
    <Panel
      title={title || 'Sources'}
      note={data ? summary(data) : 'How fresh each source is'}
      tools={tools}
      busy={answer.loading}
    >
      <StaleNote answer={answer} at={at} />
      {data ? (
        data.length === 0 ? (
          <Empty title="No sources yet">Sources are configured where Headwater is deployed; each appears here.</Empty>
        ) : (
          <ul class="sources">
            {data.map((source) => (
              <SourceRow key={source.name} source={source} locale={locale} now={now} />
            ))}
          </ul>
        )
      ) : answer.error ? (
        <ProblemBox problem={answer.error} retry={answer.retry} />
      ) : (
        <RowsSkeleton slow={answer.slow} />
      )}
    </Panel>
  );
}

/** The panel's one sentence. */
export function summary(sources: readonly Source[]): string {
  const wrong = sources.filter((source) => source.state !== 'ok').length;
  if (sources.length === 0) return 'None is configured';
  if (wrong === 0)
    return sources.length === 1 ? 'The one source is up to date' : `All ${sources.length} are up to date`;
  return `${wrong} of ${sources.length} ${wrong === 1 ? 'needs' : 'need'} a look`;
}

function SourceRow({ source, locale, now }: { readonly source: Source; readonly locale: Locale; readonly now: Date }) {
  const when = (at: Date | null) => (at ? instant(at, locale, now) : 'not yet');
  const ago = (at: Date | null) => (at ? relative(at, now, locale.language) : '');
  return (
    <li class="source" data-source={source.name}>
      <div class="source-name">
        <bdi title={source.name}>{source.title}</bdi>
        <StateBadge state={source.state} />
      </div>
      <dl>
        <div>
          <dt>Complete up to</dt>
          <dd data-field="watermark">{when(source.watermark)}</dd>
        </div>
        <div>
          <dt>Behind now</dt>
          <dd data-field="lag">{source.lagSeconds === null ? '–' : duration(source.lagSeconds, locale.language)}</dd>
        </div>
        <div>
          <dt>Last commit</dt>
          <dd>{source.lastCommitAt ? ago(source.lastCommitAt) : 'none'}</dd>
        </div>
        {source.state === 'silent' && (
          <div>
            <dt>Last record</dt>
            <dd data-field="last-record">{source.lastRecordAt ? ago(source.lastRecordAt) : 'none ever'}</dd>
          </div>
        )}
        <div>
          <dt>Next run</dt>
          <dd>{source.nextRunAt ? (source.nextRunAt <= now ? 'due now' : ago(source.nextRunAt)) : '–'}</dd>
        </div>
        <div>
          <dt>Rejected records</dt>
          <dd data-field="rejected" class={source.rejected > 0 ? 'attention' : undefined}>
            {number(source.rejected, locale.language)}
          </dd>
        </div>
      </dl>
      {source.error && (
        <p class="source-error">
          <strong>Last error:</strong> <bdi>{source.error}</bdi>
        </p>
      )}
    </li>
  );
}
