/** How fresh every source is, in words, with a shape and a colour beside them. */

import type { ComponentChildren } from 'preact';
import { useQuery } from '../api/query.ts';
import { parseSources, type Source, type SourceState } from '../api/shapes.ts';
import { usePage } from '../shell/page.ts';
import { duration, instant, type Locale, number } from '../time/format.ts';
import { useMedia } from '../ui/browser.ts';
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

/** One line for each source, those that need a look first. */
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
      <div class="widget-body">
        <StaleNote answer={answer} at={at} />
        {data ? (
          data.length === 0 ? (
            <Empty title="No sources yet">Sources are configured where Headwater is deployed; each appears here.</Empty>
          ) : (
            <Lines sources={data} locale={locale} now={now} />
          )
        ) : answer.error ? (
          <ProblemBox problem={answer.error} retry={answer.retry} />
        ) : (
          <RowsSkeleton slow={answer.slow} />
        )}
      </div>
    </Panel>
  );
}

interface LinesProps {
  readonly sources: readonly Source[];
  readonly locale: Locale;
  readonly now: Date;
}

/** On a phone what is as it should be is folded away: whoever opens the page sees numbers, not sixteen times “up to date”. */
function Lines({ sources, locale, now }: LinesProps) {
  const narrow = useMedia('(max-width: 600px)');
  const sorted = worstFirst(sources);
  const fine = narrow ? sorted.filter(isFine) : [];
  const lines = (some: readonly Source[]) => (
    <ul class="lines">
      {some.map((source) => (
        <SourceLine key={source.name} source={source} locale={locale} now={now} />
      ))}
    </ul>
  );
  if (fine.length < FOLDED_FROM) return lines(sorted);
  const rest = sorted.filter((source) => !isFine(source));
  return (
    <>
      {rest.length > 0 && lines(rest)}
      <details class="lines-fold">
        <summary>{rest.length > 0 ? `${fine.length} more, up to date` : `Show all ${fine.length}`}</summary>
        {lines(fine)}
      </details>
    </>
  );
}

const FOLDED_FROM = 4;
const isFine = ({ state, error, rejected }: Source) => state === 'ok' && !error && rejected === 0;

const TONES = ['bad', 'warn', 'idle', 'good'];

export function worstFirst(sources: readonly Source[]): Source[] {
  const rank = ({ state }: Source) => TONES.indexOf(WORDS[state].tone);
  return [...sources].sort((a, b) => rank(a) - rank(b));
}

/** The panel's one sentence. */
export function summary(sources: readonly Source[]): string {
  const wrong = sources.filter((source) => source.state !== 'ok').length;
  if (sources.length === 0) return 'None is configured';
  if (wrong === 0)
    return sources.length === 1 ? 'The one source is up to date' : `All ${sources.length} are up to date`;
  return `${wrong} of ${sources.length} ${wrong === 1 ? 'needs' : 'need'} a look`;
}

interface LineProps {
  readonly source: Source;
  readonly locale: Locale;
  readonly now: Date;
}

function SourceLine({ source, locale, now }: LineProps) {
  const { name, title, watermark, lagSeconds, error, rejected } = source;
  return (
    <li class="line" data-source={name}>
      <StateBadge state={source.state} />
      <span class="line-name">
        <a class="cut" href={`/sources/${encodeURIComponent(name)}`} title={title}>
          <bdi>{title}</bdi>
        </a>
        {error ? (
          <bdi class="cut muted" title={error}>
            {error}
          </bdi>
        ) : (
          rejected > 0 && (
            <span class="cut attention" data-field="rejected">
              {number(rejected, locale.language)} {rejected === 1 ? 'record' : 'records'} rejected
            </span>
          )
        )}
      </span>
      <span class="line-end">
        <span data-field="watermark" title="Complete up to">
          {watermark ? instant(watermark, locale, now) : 'nothing yet'}
        </span>
        {lagSeconds !== null && (
          <span class="muted" data-field="lag">
            <bdi>{duration(lagSeconds, locale.language)}</bdi> behind
          </span>
        )}
      </span>
    </li>
  );
}
