/** What is firing now. Nothing is a good answer, and looks like one. */

import type { ComponentChildren } from 'preact';
import { useQuery } from '../api/query.ts';
import { parseSources } from '../api/shapes.ts';
import { OPEN_INCIDENTS, parseIncidents } from '../pages/alerts/incidents.ts';
import { useMetrics, useRules } from '../pages/alerts/rules-query.ts';
import { usePage } from '../shell/page.ts';
import { instant, relative } from '../time/format.ts';
import { Check, Clock, Warning } from '../ui/icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { ProblemBox, RowsSkeleton, StaleNote } from '../ui/states.tsx';
import { type Wrong, wrongNow } from './firing.ts';

interface Props {
  readonly title: string;
  readonly tools?: ComponentChildren;
}

export function AlertsWidget({ title, tools }: Props) {
  const { locale, now } = usePage();
  const rules = useRules('');
  const incidents = useQuery(OPEN_INCIDENTS, parseIncidents);
  const sources = useQuery('/v1/sources', parseSources);
  const answers = [rules, incidents, sources];
  const failed = answers.find(({ error }) => error);
  const there = rules.data && incidents.data && sources.data;
  const saying = { find: useMetrics().find, language: locale.language, now };
  const wrong = there ? wrongNow(rules.data, incidents.data.incidents, sources.data, saying) : null;
  const at = failed?.fetchedAt ? instant(failed.fetchedAt, locale, now) : '';
  return (
    <Panel
      title={title || 'What is firing'}
      note={wrong ? (wrong.length === 0 ? 'All is well' : summary(wrong)) : 'Rules, incidents and sources'}
      tools={tools}
      busy={answers.some(({ loading }) => loading)}
    >
      <div class="widget-body">
        {failed && there && <StaleNote answer={failed} at={at} />}
        {!wrong ? (
          failed?.error ? (
            <ProblemBox problem={failed.error} retry={failed.retry} />
          ) : (
            <RowsSkeleton slow={answers.some(({ slow }) => slow)} />
          )
        ) : wrong.length === 0 ? (
          <div class="calm" data-firing="0">
            <Check />
            <div>
              <p class="state-title">Nothing fires</p>
              <p class="muted">Every rule is quiet, no incident is open, and all sources deliver.</p>
            </div>
          </div>
        ) : (
          <ul class="lines" data-firing={wrong.length}>
            {wrong.map((one) => (
              <Line key={one.key} one={one} ago={one.since && relative(one.since, now, locale.language)} />
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

function Line({ one, ago }: { readonly one: Wrong; readonly ago: string | null }) {
  return (
    <li class="line" data-key={one.key}>
      <span class={`badge ${one.tone}`}>
        {one.tone === 'idle' ? <Clock /> : <Warning />}
        {one.word}
      </span>
      <span class="line-name">
        <a class="cut" href={one.href} title={one.title}>
          <bdi>{one.title}</bdi>
        </a>
        {one.detail && (
          <bdi class="cut muted" title={one.detail}>
            {one.detail}
          </bdi>
        )}
      </span>
      {ago && <span class="line-end muted">{ago}</span>}
    </li>
  );
}

function summary(wrong: readonly Wrong[]): string {
  const count = wrong.filter(({ tone }) => tone !== 'idle').length;
  if (count === 0) return 'Nothing needs a look now';
  return `${count} ${count === 1 ? 'needs' : 'need'} a look`;
}
