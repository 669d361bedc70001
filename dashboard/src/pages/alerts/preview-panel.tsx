/** What a rule would have told: tried on the past while it is typed, one question at a time, the last one only. */

import { useMemo, useState } from 'preact/hooks';
import { type Answer, useQuery } from '../../api/query.ts';
import type { Metric } from '../../api/shapes.ts';
import { ChartComing } from '../../charts/coming.tsx';
import { usePage } from '../../shell/page.ts';
import { instant, number } from '../../time/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty, ProblemBox } from '../../ui/states.tsx';
import { AlertChart } from './alert-chart.tsx';
import { toldOf } from './chart-facts.ts';
import { bodyOf, type Draft, previewBody, TRIED_NAME } from './draft.ts';
import { GroupChoice } from './group-choice.tsx';
import { linesByMessages, parsePreview, type Previewed, type Told, WHAT_NAMES } from './preview.ts';
import { parseRule } from './rule.ts';
import { useSettled } from '../../ui/settled.ts';

/** Whole days: what is tried is not about now. */
const PAST = [
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
  { value: '90d', label: '90 days' },
  { value: '12mo', label: 'A year' },
] as const;

export interface Tried {
  readonly answer: Answer<Previewed>;
  /** What is shown is of what is typed. */
  readonly current: boolean;
  /** Whether enough is known to try it. */
  readonly ready: boolean;
  readonly range: string;
  readonly setRange: (range: string) => void;
}

export function usePreview(draft: Draft): Tried {
  const [chosen, setRange] = useState<string | null>(null);
  const range = chosen ?? usualRange(draft);
  const said = JSON.stringify(previewBody(draft, range));
  const settled = useSettled(said);
  const body = useMemo(() => JSON.parse(settled) as unknown, [settled]);
  const answer = useQuery(body === null ? null : { path: '/v1/alerts/preview', body }, parsePreview, Infinity);
  return { answer, current: settled === said && !answer.outdated, ready: body !== null, range, setRange };
}

/** As long as the points of it can be told apart. */
function usualRange({ interval }: Draft): string {
  if (interval === 'PT15M') return '7d';
  return interval === 'PT1H' || interval === 'P1D' ? '90d' : '12mo';
}

interface Props {
  readonly draft: Draft;
  readonly tried: Tried;
  readonly metric: Metric | null;
  /** A mark to begin with is being looked for. */
  readonly looking: boolean;
}

export function PreviewPanel({ draft, tried, metric, looking }: Props) {
  const { answer, range, setRange, ready } = tried;
  return (
    <div class="alerts-preview" id="alerts-tried">
      <Panel
        title="Tried on the past"
        note="Nothing is kept, and nobody is told."
        busy={answer.loading || !tried.current}
        class={tried.current ? '' : 'outdated'}
        tools={
          draft.kind !== 'incidents' && (
            <Segmented
              label="How far back"
              options={draft.interval === 'PT15M' ? PAST.slice(0, -1) : PAST}
              value={range}
              onChange={setRange}
            />
          )
        }
      >
        {draft.kind === 'incidents' ? (
          <p class="muted">
            Incidents have no numbers that a rule could be tried on.{' '}
            <a href="/alerts/incidents">See those of the last 30 days</a>.
          </p>
        ) : !ready && looking ? (
          <ChartComing slow={answer.slow} />
        ) : !ready ? (
          <Empty title="Nothing to try yet">Choose a metric and a mark: then it is tried on the past.</Empty>
        ) : answer.error && !answer.loading ? (
          <ProblemBox problem={answer.error} retry={answer.retry} />
        ) : !answer.data ? (
          <ChartComing slow={answer.slow} />
        ) : (
          <Outcome draft={draft} found={answer.data} metric={metric} />
        )}
      </Panel>
    </div>
  );
}

interface OutcomeProps {
  readonly draft: Draft;
  readonly found: Previewed;
  readonly metric: Metric | null;
}

function Outcome({ draft, found, metric }: OutcomeProps) {
  const { locale, now } = usePage();
  const [group, setGroup] = useState<string | null>(null);
  const { condition } = useMemo(() => parseRule(bodyOf(draft)), [draft]);
  const lines = useMemo(() => linesByMessages(found), [found]);
  const line = (lines.find((one) => one.line.key === group) ?? lines[0])?.line;
  return (
    <>
      <p class="alerts-summary" role="status" data-fired={found.fired} data-messages={found.messages}>
        {found.summary}
      </p>
      {found.warnings.map((warning) => (
        <p key={warning} class="caveats">
          {warning}
        </p>
      ))}
      {line && line.points.length > 0 && (
        <>
          <GroupChoice lines={lines} chosen={line.key} onChoose={setGroup} />
          <AlertChart
            line={line}
            condition={condition}
            interval={draft.interval}
            zone={draft.zone}
            unit={metric ?? { unit: '', kind: 'derived' }}
            told={toldOf(found.told, line.key)}
            label={`Chart: ${metric?.title ?? draft.metric}, tried on the past`}
          />
        </>
      )}
      {found.told.length > 0 && <Messages told={found.told} truncated={found.truncated} />}
      {found.completeUntil && <p class="note">Complete up to {instant(found.completeUntil, locale, now)}.</p>}
    </>
  );
}

/** What a message says beside the name of the rule, which stands above. */
function headline({ subject }: Told): string {
  const at = subject.indexOf(TRIED_NAME);
  return at < 0 ? subject : subject.slice(at + TRIED_NAME.length).replace(/^: /, '');
}

const FIRST = 8;

/** Each message that people would have got, the newest first. */
function Messages({ told, truncated }: { readonly told: readonly Told[]; readonly truncated: boolean }) {
  const { locale, now } = usePage();
  const [all, setAll] = useState(false);
  const newest = useMemo(() => [...told].reverse(), [told]);
  const shown = all ? newest.slice(0, 200) : newest.slice(0, FIRST);
  return (
    <>
      <h3 class="alerts-subhead">Messages</h3>
      <ul class="alerts-told">
        {shown.map((one, index) => (
          <li key={index}>
            <span class="muted">{instant(one.at, locale, now)}</span> <strong>{WHAT_NAMES[one.what]}</strong>
            {one.title && (
              <>
                {' '}
                <bdi class="alerts-inline-name">{one.title}</bdi>
              </>
            )}
            <bdi class="form-hint cut-lines">{headline(one)}</bdi>
          </li>
        ))}
      </ul>
      {newest.length > shown.length && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {all
            ? `The newest 200 of ${number(newest.length, locale.language)} are listed`
            : `Show all ${number(newest.length, locale.language)}${truncated ? ' and more' : ''}`}
        </button>
      )}
    </>
  );
}
