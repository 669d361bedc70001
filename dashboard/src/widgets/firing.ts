/** What is wrong now: rules that fire, incidents, sources that need a look; the worst first. Pure. */

import { isObject, type Json, maybeInstant, maybeText, objects, oneOf, results, text } from '../api/json.ts';
import type { Source } from '../api/shapes.ts';

/** Those that have something to say; `normal` has not. */
const PHASES = ['firing', 'recovering', 'no_data', 'error', 'pending'] as const;
type Phase = (typeof PHASES)[number];

export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly severity: string;
  readonly phase: Phase;
  readonly since: Date | null;
  readonly snoozed: boolean;
  /** Of the worst group. */
  readonly value: string | null;
  readonly mark: string | null;
  readonly side: string | null;
  readonly reason: string | null;
  /** How many groups are not well. */
  readonly groups: number;
}

export interface Incident {
  readonly subject: string;
  readonly summary: string;
  readonly error: string | null;
  readonly since: Date | null;
  readonly runbook: string | null;
}

/** The rules that are not well. */
export function parseRules(json: unknown): Rule[] {
  return results(json).flatMap((row) => {
    const state = isObject(row.state) ? row.state : {};
    const phase = oneOf(PHASES, state.phase);
    return phase ? [rule(row, state, phase)] : [];
  });
}

function rule(row: Json, state: Json, phase: Phase): Rule {
  const condition = isObject(row.condition) ? row.condition : {};
  const groups = objects(state.groups);
  const [worst = {}] = groups;
  return {
    id: text(row.id),
    name: text(row.name),
    severity: text(row.severity),
    phase,
    since: maybeInstant(state.since),
    snoozed: maybeText(row.snoozed_until) !== null,
    value: maybeText(worst.held) ?? maybeText(worst.value),
    mark: typeof condition.threshold === 'number' ? String(condition.threshold) : maybeText(condition.threshold),
    side: maybeText(condition.side),
    reason: maybeText(state.error) ?? maybeText(worst.reason),
    groups: groups.length,
  };
}

export function parseIncidents(json: unknown): Incident[] {
  return results(json).map((row) => ({
    subject: text(row.subject),
    summary: text(row.summary) || text(row.title),
    error: maybeText(row.error),
    since: maybeInstant(row.since),
    runbook: maybeText(row.runbook),
  }));
}

export interface Wrong {
  readonly key: string;
  readonly tone: 'bad' | 'warn' | 'idle';
  readonly word: string;
  readonly title: string;
  readonly detail: string | null;
  readonly since: Date | null;
  readonly href: string;
}

const WORDS: Record<Phase, string> = {
  firing: 'Firing',
  recovering: 'Recovering',
  no_data: 'No data',
  error: 'Cannot be looked at',
  pending: 'Pending',
};

/** Everything that is wrong. A source that an incident tells of is told once. `words` writes a value. */
export function wrongNow(
  rules: readonly Rule[],
  incidents: readonly Incident[],
  sources: readonly Source[],
  words: (value: string) => string,
): Wrong[] {
  const told = new Set(incidents.map(({ subject }) => subject));
  return [
    ...rules.map((one) => ofRule(one, words)),
    ...incidents.map(ofIncident),
    ...sources.filter((source) => isWrong(source) && !told.has(source.name)).map(ofSource),
  ].sort((a, b) => RANK[a.tone] - RANK[b.tone]);
}

const RANK = { bad: 0, warn: 1, idle: 2 } as const;
const isWrong = ({ state }: Source) => state === 'failing' || state === 'late' || state === 'silent';

function ofRule(one: Rule, words: (value: string) => string): Wrong {
  const firing = one.phase === 'firing' || one.phase === 'recovering';
  return {
    key: `rule ${one.id}`,
    tone: one.snoozed || one.phase === 'pending' ? 'idle' : firing && one.severity === 'critical' ? 'bad' : 'warn',
    word: one.snoozed ? 'Snoozed' : WORDS[one.phase],
    title: one.name,
    detail: against(one, words),
    since: one.since,
    href: `/alerts/${encodeURIComponent(one.id)}`,
  };
}

/** `87, below 100`. */
function against({ value, mark, side, reason, groups }: Rule, words: (value: string) => string): string | null {
  const more = groups > 1 ? ` (and ${groups - 1} more)` : '';
  if (value === null) return reason;
  if (mark === null || !side) return `${words(value)}${more}`;
  return `${words(value)}, ${side === 'low' ? 'below' : 'above'} ${words(mark)}${more}`;
}

function ofIncident({ subject, summary, error, since, runbook }: Incident): Wrong {
  return {
    key: `incident ${subject}`,
    tone: 'bad',
    word: 'Incident',
    title: summary,
    detail: error,
    since,
    href: runbook?.startsWith('/runbooks/') ? runbook : '/alerts',
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
