/** What is wrong now: rules that fire, incidents, sources that need a look; the worst first. Pure. */

import type { Metric, Source } from '../api/shapes.ts';
import type { Incident } from '../pages/alerts/incidents.ts';
import type { Phase, Rule } from '../pages/alerts/rule.ts';
import { againstWords } from '../pages/alerts/words.ts';

export interface Wrong {
  readonly key: string;
  readonly tone: 'bad' | 'warn' | 'idle';
  readonly word: string;
  readonly title: string;
  readonly detail: string | null;
  readonly since: Date | null;
  readonly href: string;
}

type Unwell = Exclude<Phase, 'normal'>;

const WORDS: Record<Unwell, string> = {
  firing: 'Firing',
  recovering: 'Recovering',
  no_data: 'No data',
  error: 'Cannot be looked at',
  pending: 'Pending',
};

/** How a number is said: of which metric, in which language, and as of when a rule is asleep. */
export interface Saying {
  readonly find: (name: string | null) => Metric | null;
  readonly language: string;
  readonly now: Date;
}

/** Everything that is wrong. A source that an incident tells of is told once. */
export function wrongNow(
  rules: readonly Rule[],
  incidents: readonly Incident[],
  sources: readonly Source[],
  saying: Saying,
): Wrong[] {
  const told = new Set(incidents.map(({ subject }) => subject));
  return [
    ...rules.flatMap((rule) => ofRule(rule, saying)),
    ...incidents.map(ofIncident),
    ...sources.filter((source) => isWrong(source) && !told.has(source.name)).map(ofSource),
  ].sort((a, b) => RANK[a.tone] - RANK[b.tone]);
}

const RANK = { bad: 0, warn: 1, idle: 2 } as const;
const isWrong = ({ state }: Source) => state === 'failing' || state === 'late' || state === 'silent';

/** A rule that is well has nothing to say, and nor has one that is switched off. */
function ofRule(rule: Rule, saying: Saying): Wrong[] {
  const { phase, since } = rule.state;
  if (!rule.enabled || phase === null || phase === 'normal') return [];
  const snoozed = rule.snoozedUntil !== null && rule.snoozedUntil > saying.now;
  const fires = phase === 'firing' || phase === 'recovering';
  return [
    {
      key: `rule ${rule.id}`,
      tone: snoozed || phase === 'pending' ? 'idle' : fires && rule.severity === 'critical' ? 'bad' : 'warn',
      word: snoozed ? 'Snoozed' : WORDS[phase],
      title: rule.name,
      detail: detailOf(rule, saying),
      since,
      href: `/alerts/${encodeURIComponent(rule.id)}`,
    },
  ];
}

/** `MQLs per lead: 0.3, where at most 0.45 is bad`. */
function detailOf({ state, condition, metric: name }: Rule, { find, language }: Saying): string | null {
  const [worst] = state.groups;
  if (state.error || !worst) return state.error;
  const metric = find(name);
  const more = state.groups.length > 1 ? ` (and ${state.groups.length - 1} more)` : '';
  return `${metric ? `${metric.title}: ` : ''}${againstWords(condition, worst, metric, language)}${more}`;
}

function ofIncident({ key, summary, error, since, runbook }: Incident): Wrong {
  return {
    key: `incident ${key}`,
    tone: 'bad',
    word: 'Incident',
    title: summary,
    detail: error,
    since,
    href: runbook ?? '/alerts/incidents',
  };
}

function ofSource({ name, title, state, error, watermark }: Source): Wrong {
  return {
    key: `source ${name}`,
    tone: state === 'failing' ? 'bad' : 'warn',
    word: state === 'failing' ? 'Source fails' : state === 'late' ? 'Source late' : 'Source silent',
    title,
    detail: error,
    since: watermark,
    href: `/sources/${encodeURIComponent(name)}`,
  };
}
