/** Every alert rule, and how it stands. */

import { useLocation } from 'preact-iso';
import { useMemo } from 'preact/hooks';
import type { Metric } from '../../api/shapes.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { instant, number } from '../../time/format.ts';
import { INTERVAL_NAMES } from '../../time/range.ts';
import { ListTable, NONE } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty } from '../../ui/states.tsx';
import './alerts.css';
import { RuleBadges, SeverityWord } from './badges.tsx';
import { RuleMenu } from './rule-menu.tsx';
import { groupTitle, type Rule, worstFirst } from './rule.ts';
import { useMetrics, useRules } from './rules-query.ts';
import { AlertTabs } from './tabs.tsx';
import { conditionWords, heldWords, PHASE_BADGES } from './words.ts';

const FILTERS = [
  { value: '', label: 'All' },
  ...(['firing', 'recovering', 'pending', 'no_data', 'error', 'normal'] as const).map((phase) => ({
    value: phase,
    label: PHASE_BADGES[phase].label,
  })),
];

const NO_RULES: readonly Rule[] = [];

export default function RulesPage() {
  const page = usePage();
  const { route } = useLocation();
  const [query, set] = useParameters();
  const phase = FILTERS.some(({ value }) => value === query.get('phase')) ? (query.get('phase') ?? '') : '';
  const text = query.get('q') ?? '';
  const answer = useRules(phase);
  const rules = answer.data ?? NO_RULES;
  const { find } = useMetrics();
  const shown = useMemo(
    () => worstFirst(rules.filter((rule) => matches(rule, find(rule.metric), text))),
    [rules, find, text],
  );
  return (
    <main id="content" tabIndex={-1}>
      <PageHead
        title="Alerts"
        note={
          isAdmin(page)
            ? 'A rule looks at a metric, bucket by bucket, and tells people when it is bad and when it is well again.'
            : 'Whoever may read sees the rules and can try new ones on the past; administrators make and change them.'
        }
        actions={
          <button type="button" class="button primary" onClick={() => route('/alerts/new')}>
            {isAdmin(page) ? 'New rule' : 'Try a rule'}
          </button>
        }
      />
      <AlertTabs current="rules" />
      <Panel
        title="Rules"
        busy={answer.loading}
        tools={
          <>
            <Segmented label="State" options={FILTERS} value={phase} onChange={(value) => set({ phase: value })} />
            <SearchField label="Find" prompt="Find a rule" value={text} onInput={(q) => set({ q }, true)} />
          </>
        }
      >
        <Loaded answer={answer}>
          {() =>
            shown.length > 0 ? (
              <Table rules={shown} find={find} />
            ) : rules.length === 0 && !phase ? (
              <Empty title="No rules yet">
                A rule tells people when a number is bad. Make the first one: it is tried on the past while you type.
              </Empty>
            ) : (
              <Empty title="No such rules">{nothingWords(phase, text)}</Empty>
            )
          }
        </Loaded>
      </Panel>
    </main>
  );
}

function nothingWords(phase: string, text: string): string {
  if (text) return `None is called or looks at “${text}”${phase ? ' in this state' : ''}.`;
  return phase === 'firing' ? 'Nothing is firing. All is well.' : 'No rule is in this state.';
}

function matches(rule: Rule, metric: Metric | null, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const name = [rule.name, metric?.title ?? '', rule.metric ?? '', rule.topic, rule.owner].join(' ').toLowerCase();
  return words.every((word) => name.includes(word));
}

function Table({
  rules,
  find,
}: {
  readonly rules: readonly Rule[];
  readonly find: (name: string | null) => Metric | null;
}) {
  const { locale, now } = usePage();
  const { language } = locale;
  return (
    <ListTable
      label="Alert rules"
      rows={rules}
      rowKey={(rule) => rule.id}
      columns={[
        {
          title: 'Rule',
          cell: (rule) => (
            <div class="alerts-rule">
              <a href={`/alerts/${encodeURIComponent(rule.id)}`} title={rule.name}>
                <bdi class="cut-lines">{rule.name}</bdi>
              </a>
              <span class="form-hint">
                <Subject rule={rule} metric={find(rule.metric)} />:{' '}
                {conditionWords(rule.condition, find(rule.metric), language)}
              </span>
            </div>
          ),
        },
        { title: 'State', cell: (rule) => <RuleBadges rule={rule} /> },
        {
          title: 'Since',
          short: true,
          cell: (rule) => (rule.state.since ? instant(rule.state.since, locale, now) : NONE),
        },
        {
          title: 'Last value',
          cell: (rule) =>
            rule.state.groups.length > 0 ? <Worst rule={rule} metric={find(rule.metric)} language={language} /> : NONE,
        },
        { title: 'Severity', short: true, cell: (rule) => <SeverityWord severity={rule.severity} /> },
        {
          title: 'Topic',
          cell: ({ topic }) => (
            <bdi class="cut alerts-topic" title={topic}>
              {topic}
            </bdi>
          ),
        },
        { title: 'More', cell: (rule) => <RuleMenu rule={rule} /> },
      ]}
    />
  );
}

/** What a rule looks at. */
export function Subject({ rule, metric }: { readonly rule: Rule; readonly metric: Metric | null }) {
  if (rule.metric === null) return <>Headwater itself</>;
  const every = rule.interval ? INTERVAL_NAMES[rule.interval].toLowerCase() : '';
  const by = rule.groupBy.length > 0 ? ` and ${rule.groupBy.map((name) => name.replaceAll('_', ' ')).join(', ')}` : '';
  return (
    <>
      <bdi>{metric?.title ?? rule.metric}</bdi> by {every}
      {by}
      {rule.filter && ', filtered'}
    </>
  );
}

interface WorstProps {
  readonly rule: Rule;
  readonly metric: Metric | null;
  readonly language: string;
}

/** The value of the worst group, and how many others are not well. */
function Worst({ rule, metric, language }: WorstProps) {
  const worst = rule.state.groups[0];
  if (!worst) return null;
  const unwell = Object.entries(rule.state.counts)
    .filter(([phase]) => phase !== 'normal')
    .reduce((sum, [, count]) => sum + count, 0);
  const title = groupTitle(worst.group);
  return (
    <div class="alerts-rule">
      <span>{heldWords(rule.condition, worst, metric, language)}</span>
      {title && <bdi class="form-hint cut-lines">{title}</bdi>}
      {unwell > 1 && <span class="form-hint">and {number(unwell - 1, language)} more</span>}
    </div>
  );
}
