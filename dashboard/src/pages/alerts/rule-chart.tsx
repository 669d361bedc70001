/** What a rule looks at, over some days, with its mark, its state and what it has told. */

import { useMemo } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import type { Metric } from '../../api/shapes.ts';
import { ChartComing } from '../../charts/coming.tsx';
import { usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { instant } from '../../time/format.ts';
import type { Interval } from '../../time/range.ts';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty, ProblemBox, StaleNote } from '../../ui/states.tsx';
import { AlertChart } from './alert-chart.tsx';
import { GroupChoice } from './group-choice.tsx';
import { toldOf } from './chart-facts.ts';
import { draftOf, previewBody } from './draft.ts';
import { exploreLink } from './links.ts';
import { groupKey, type HistoryMessage, linesByMessages, parsePreview, sinceKnown } from './preview.ts';
import type { Rule } from './rule.ts';

/** To now: words in hours are, those in days end with yesterday. */
export const RANGES = [
  { value: '24h', label: '24 h' },
  { value: '168h', label: '7 days' },
  { value: '720h', label: '30 days' },
  { value: '2160h', label: '90 days' },
  { value: '8760h', label: 'A year' },
] as const;
/** A preview reads many buckets; a new one is there once an hour, or a day. */
const EVERY_MS = 120_000;
const DEFAULTS: Partial<Record<Interval, string>> = { PT15M: '24h', PT1H: '168h', P1D: '2160h' };

interface Props {
  readonly rule: Rule;
  readonly metric: Metric | null;
  /** What it has told, where it has no groups. */
  readonly told: readonly HistoryMessage[];
}

export function RuleChartPanel({ rule, metric, told }: Props) {
  const { locale, now } = usePage();
  const [query, set] = useParameters();
  const usual = DEFAULTS[rule.interval ?? 'P1D'] ?? '8760h';
  const range = RANGES.find(({ value }) => value === query.get('range'))?.value ?? usual;
  // Whom it tells is left out: a channel that is gone since must not take the chart from who was woken up.
  const ask = { path: '/v1/alerts/preview', body: previewBody(draftOf(rule, 'UTC'), range) };
  const answer = useQuery(ask, parsePreview, EVERY_MS);
  const zone = rule.zone ?? 'UTC';
  const lines = answer.data ? linesByMessages(answer.data) : [];
  const worst = rule.state.groups[0];
  const wanted = query.get('group') ?? (worst ? groupKey(worst.group) : null);
  const found = (lines.find((one) => one.line.key === wanted) ?? lines[0])?.line;
  const line = useMemo(() => found && sinceKnown(found), [found]);
  return (
    <Panel
      title={metric?.title ?? rule.metric ?? ''}
      note={
        answer.data?.completeUntil && (
          <>
            Complete up to <strong>{instant(answer.data.completeUntil, locale, now)}</strong>, days and hours by{' '}
            {zone.replaceAll('_', ' ')}. {answer.data.summary}
          </>
        )
      }
      tools={
        <>
          <Segmented
            label="Range"
            options={rule.interval === 'PT15M' ? RANGES.slice(0, -1) : RANGES}
            value={range}
            onChange={(value) => set({ range: value })}
          />
          <a class="button" href={exploreLink(rule, range)}>
            Open in the explorer
          </a>
        </>
      }
      busy={answer.loading}
      class={answer.outdated ? 'outdated' : ''}
    >
      <StaleNote answer={answer} at={answer.fetchedAt ? instant(answer.fetchedAt, locale, now) : ''} />
      {answer.error && (answer.outdated || !answer.data) ? (
        <ProblemBox problem={answer.error} retry={answer.retry} />
      ) : !answer.data ? (
        <ChartComing slow={answer.slow} />
      ) : !line || line.points.length === 0 ? (
        <Empty title="Nothing of this range is complete yet">Choose a longer range.</Empty>
      ) : (
        <>
          <GroupChoice lines={lines} chosen={line.key} onChoose={(group) => set({ group }, true)} />
          <AlertChart
            line={line}
            condition={rule.condition}
            interval={rule.interval ?? 'P1D'}
            zone={zone}
            unit={metric ?? { unit: '', kind: 'derived' }}
            told={rule.groupBy.length > 0 ? toldOf(answer.data.told, line.key) : told}
            sent={rule.groupBy.length === 0}
            label={`Chart: ${metric?.title ?? rule.metric ?? ''}`}
          />
        </>
      )}
    </Panel>
  );
}
