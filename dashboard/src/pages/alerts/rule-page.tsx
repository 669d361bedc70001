/** One rule, for whoever was just woken up: what fires, since when, how it came to that, who was told, and what to do. */

import { useLocation, useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import type { Metric } from '../../api/shapes.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { instant, relative } from '../../time/format.ts';
import { LoadedPage } from '../../ui/loaded.tsx';
import { useTell } from '../../ui/notices.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import './alerts.css';
import { RuleBadges, SeverityWord } from './badges.tsx';
import { HistoryPanel } from './history.tsx';
import { RuleChartPanel } from './rule-chart.tsx';
import { RuleFacts } from './rule-facts.tsx';
import { RuleMenu } from './rule-menu.tsx';
import { type GroupState, groupTitle, parseRule, type Rule } from './rule.ts';
import { Subject } from './rules.tsx';
import { useMetrics } from './rules-query.ts';
import { useSnooze } from './rule-actions.ts';
import { useHistory } from './use-history.ts';
import { SnoozeDialog } from './snooze-dialog.tsx';
import { conditionWords, heldWords, PHASE_BADGES, PHASE_MEANINGS } from './words.ts';

const EVERY_MS = 20_000;

const BACK = { href: '/alerts', label: 'All rules' };

export default function RulePage() {
  const { params } = useRoute();
  const answer = useQuery(`/v1/alerts/${encodeURIComponent(params.id ?? '')}`, parseRule, EVERY_MS);
  return (
    <main id="content" tabIndex={-1}>
      <LoadedPage answer={answer} title="Rule" back={BACK}>
        {(rule) => <RuleView key={rule.id} rule={rule} />}
      </LoadedPage>
    </main>
  );
}

function RuleView({ rule }: { readonly rule: Rule }) {
  const { locale } = usePage();
  const { find } = useMetrics();
  const metric = find(rule.metric);
  const told = useHistory(rule);
  return (
    <>
      <PageHead
        title={rule.name}
        back={BACK}
        note={
          <>
            <SeverityWord severity={rule.severity} /> · <Subject rule={rule} metric={metric} />:{' '}
            {conditionWords(rule.condition, metric, locale.language)}
          </>
        }
        actions={<Actions rule={rule} />}
      />
      <Now rule={rule} metric={metric} />
      {rule.metric !== null && <RuleChartPanel rule={rule} metric={metric} told={told.messages} />}
      <HistoryPanel told={told} />
      <RuleFacts rule={rule} metric={metric} />
    </>
  );
}

function Actions({ rule }: { readonly rule: Rule }) {
  const page = usePage();
  const { route } = useLocation();
  const tell = useTell();
  const wake = useSnooze();
  const [snoozing, setSnoozing] = useState(false);
  const snoozed = rule.snoozedUntil !== null && rule.snoozedUntil > page.now;
  const firing = rule.enabled && rule.state.phase === 'firing';
  const onWake = async () =>
    tell((await wake.run(rule, null)) ? 'It speaks again.' : 'It could not be woken: try again.');
  return (
    <>
      {isAdmin(page) && (
        <>
          {snoozed ? (
            <button type="button" class="button" disabled={wake.busy} onClick={() => void onWake()}>
              Wake
            </button>
          ) : (
            <button type="button" class={firing ? 'button primary' : 'button'} onClick={() => setSnoozing(true)}>
              Snooze
            </button>
          )}
          <button type="button" class="button" onClick={() => route(`/alerts/${encodeURIComponent(rule.id)}/edit`)}>
            Change
          </button>
        </>
      )}
      <RuleMenu rule={rule} onDeleted={() => route('/alerts', true)} />
      {snoozing && <SnoozeDialog rule={rule} onClose={() => setSnoozing(false)} />}
    </>
  );
}

interface NowProps {
  readonly rule: Rule;
  readonly metric: Metric | null;
}

/** How it stands at present, the worst first. */
function Now({ rule, metric }: NowProps) {
  const { locale, now } = usePage();
  const { state } = rule;
  const bad = rule.enabled && (state.phase === 'firing' || state.phase === 'error');
  return (
    <Panel title="Now" class={bad ? 'alerts-now bad' : 'alerts-now'} tools={<RuleBadges rule={rule} />}>
      <p class="alerts-sentence">
        {nowWords(rule)}
        {rule.enabled && state.since && (
          <>
            {' '}
            Since <strong>{instant(state.since, locale, now)}</strong> ({relative(state.since, now, locale.language)}).
          </>
        )}
      </p>
      {state.error && <p class="source-error">{state.error}</p>}
      {state.late && (
        <p class="caveats">
          Nothing newer is known: {state.late} <a href="/runbooks/source-late.html">What to do when a source is late</a>
        </p>
      )}
      {state.groups.length > 0 && (
        <ul class="alerts-groups">
          {state.groups.map((group) => (
            <Group key={JSON.stringify(group.group)} rule={rule} group={group} metric={metric} />
          ))}
        </ul>
      )}
      <WhatToDo rule={rule} />
      {state.lookedAtUntil && (
        <p class="note">
          Looked at up to {instant(state.lookedAtUntil, locale, now)}
          {rule.enabled &&
            state.nextBucketEnds &&
            `; the next period ends ${instant(state.nextBucketEnds, locale, now)}`}
          .{state.toldAt && ` Last told ${relative(state.toldAt, now, locale.language)}.`}
        </p>
      )}
    </Panel>
  );
}

function nowWords({ enabled, state, createdAt }: Rule): string {
  if (!enabled) return 'It is switched off: nothing is looked at, and nobody is told.';
  if (state.phase === 'normal' && state.lookedAtUntil && createdAt && state.lookedAtUntil <= createdAt)
    return 'Its first period is not complete yet: nothing was looked at.';
  return state.phase
    ? PHASE_MEANINGS[state.phase]
    : 'Nothing was looked at yet: it begins with the first period that is complete after it was made.';
}

interface GroupProps {
  readonly rule: Rule;
  readonly group: GroupState;
  readonly metric: Metric | null;
}

function Group({ rule, group, metric }: GroupProps) {
  const { locale, now } = usePage();
  const zoned = { ...locale, zone: rule.zone ?? locale.zone };
  const title = groupTitle(group.group);
  return (
    <li class="alerts-group">
      <p>
        {title && (
          <>
            <bdi class="alerts-group-name">{title}</bdi>{' '}
          </>
        )}
        <strong>{heldWords(rule.condition, group, metric, locale.language)}</strong>
        {group.phase && <span class="muted"> · {PHASE_BADGES[group.phase].label}</span>}
      </p>
      <p class="form-hint">
        {group.start && group.end && `${instant(group.start, zoned, now)} to ${instant(group.end, zoned, now)}`}
        {group.since && ` · since ${instant(group.since, locale, now)}`}
        {group.reason && group.value !== null && <bdi> · {group.reason}</bdi>}
      </p>
    </li>
  );
}

/** The next step, by what is the matter. */
function WhatToDo({ rule }: { readonly rule: Rule }) {
  const { phase } = rule.state;
  if (!rule.enabled) return null;
  if (phase === 'error')
    return (
      <p>
        What to do: <a href="/runbooks/alert-error.html">the runbook for rules that cannot be evaluated</a>.
      </p>
    );
  if (phase === 'no_data')
    return (
      <p>
        What to do: see on <a href="/sources">Sources</a> whether data still comes, and on{' '}
        <a href="/alerts/incidents">Incidents</a> whether Headwater itself is in trouble.
      </p>
    );
  if (phase !== 'firing') return null;
  return rule.metric === null ? (
    <p>
      What to do: <a href="/alerts/incidents?state=open">the open incidents</a>, each with its runbook.
    </p>
  ) : (
    <p>
      What to do: look below at what changed at that time. If it is known and nothing is to be done, snooze it; if the
      mark is wrong, change it and see at once how often it would have fired.
      {rule.owner && (
        <>
          {' '}
          Ask <bdi>{rule.owner}</bdi>.
        </>
      )}
    </p>
  );
}
