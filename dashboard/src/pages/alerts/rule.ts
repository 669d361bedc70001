/** An alert rule as the API tells it, and how it stands. Pure. */

import {
  count,
  isObject,
  type Json,
  maybeInstant,
  maybeText,
  object,
  objects,
  oneOf,
  results,
  text,
  texts,
} from '../../api/json.ts';
import { type Compare, COMPARES } from '../../question/question.ts';
import { type Interval, INTERVALS } from '../../time/range.ts';

export const CONDITION_KINDS = ['level', 'change', 'anomaly', 'no_data', 'incidents'] as const;
export type ConditionKind = (typeof CONDITION_KINDS)[number];
export const SIDES = ['high', 'low'] as const;
export type Side = (typeof SIDES)[number];
export const BOTH_SIDES = ['both', 'high', 'low'] as const;
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const PHASES = ['firing', 'recovering', 'pending', 'no_data', 'error', 'normal'] as const;
export type Phase = (typeof PHASES)[number];

/** Marks are decimals as texts: none loses a digit on its way through the page. */
export type Condition =
  | { readonly kind: 'level'; readonly side: Side; readonly threshold: string; readonly recover: string | null }
  | {
      readonly kind: 'change';
      readonly compare: Compare;
      readonly of: 'ratio' | 'amount';
      readonly match: 'date' | 'weekday' | null;
      readonly side: Side;
      readonly threshold: string;
      readonly recover: string | null;
    }
  | { readonly kind: 'no_data'; readonly zero: boolean }
  | {
      readonly kind: 'anomaly';
      readonly sides: (typeof BOTH_SIDES)[number];
      readonly sensitivity: string;
      readonly recover: string | null;
      readonly weeks: number;
    }
  | { readonly kind: 'incidents'; readonly subjects: readonly string[]; readonly kinds: readonly string[] };

/** Members by dimension; null: without a name. */
export type GroupNames = Readonly<Record<string, string | null>>;

export interface GroupState {
  readonly group: GroupNames;
  readonly phase: Phase | null;
  readonly since: Date | null;
  readonly start: Date | null;
  readonly end: Date | null;
  readonly value: string | null;
  readonly held: string | null;
  readonly reason: string | null;
  readonly toldAt: Date | null;
}

export interface RuleState {
  /** Null: nothing was looked at yet. */
  readonly phase: Phase | null;
  readonly since: Date | null;
  readonly lookedAtUntil: Date | null;
  readonly nextBucketEnds: Date | null;
  readonly late: string | null;
  readonly error: string | null;
  readonly toldAt: Date | null;
  readonly counts: Readonly<Record<string, number>>;
  /** Those that are not well, the worst first. */
  readonly groups: readonly GroupState[];
}

export interface MuteWindow {
  /** 1 is Monday. */
  readonly weekdays: readonly number[];
  readonly from: string;
  readonly until: string;
  readonly zone: string;
}

export interface Rule {
  readonly id: string;
  readonly name: string;
  /** Null: it looks at incidents. */
  readonly metric: string | null;
  readonly interval: Interval | null;
  readonly zone: string | null;
  /** The API's tree. */
  readonly filter: Json | null;
  readonly groupBy: readonly string[];
  readonly condition: Condition;
  readonly severity: Severity;
  readonly hold: string;
  readonly keepFiring: string;
  readonly remind: string | null;
  readonly onNoData: string;
  readonly onError: string;
  readonly topic: string;
  readonly owner: string;
  readonly to: readonly string[];
  readonly message: string;
  readonly mute: readonly MuteWindow[];
  readonly snoozedUntil: Date | null;
  readonly enabled: boolean;
  readonly createdAt: Date | null;
  readonly createdBy: string;
  readonly updatedAt: Date | null;
  readonly updatedBy: string;
  readonly state: RuleState;
}

export const parseRules = (json: unknown): Rule[] => results(json).map(parseRule);

/** Those that fire first, and by name as the API has them: nobody looks for what is well. */
export function worstFirst(rules: readonly Rule[]): Rule[] {
  const rank = ({ enabled, state }: Rule) => (enabled && state.phase ? PHASES.indexOf(state.phase) : PHASES.length);
  return [...rules].sort((a, b) => rank(a) - rank(b));
}

export function parseRule(json: unknown): Rule {
  const row = object(json, 'a rule');
  return {
    id: text(row.id),
    name: text(row.name),
    metric: maybeText(row.metric),
    interval: oneOf(INTERVALS, row.interval),
    zone: maybeText(row.tz),
    filter: isObject(row.filter) ? row.filter : null,
    groupBy: texts(row.group_by),
    condition: condition(object(row.condition, 'a condition')),
    severity: oneOf(SEVERITIES, row.severity) ?? 'warning',
    hold: text(row.for) || 'PT0S',
    keepFiring: text(row.keep_firing_for) || 'PT0S',
    remind: maybeText(row.renotify_interval),
    onNoData: text(row.on_no_data) || 'tell',
    onError: text(row.on_error) || 'tell',
    topic: text(row.topic),
    owner: text(row.owner),
    to: texts(row.to),
    message: text(row.message),
    mute: objects(row.mute).map(mute),
    snoozedUntil: maybeInstant(row.snoozed_until),
    enabled: row.enabled !== false,
    createdAt: maybeInstant(row.created_at),
    createdBy: text(row.created_by),
    updatedAt: maybeInstant(row.updated_at),
    updatedBy: text(row.updated_by),
    state: state(isObject(row.state) ? row.state : {}),
  };
}

function condition(row: Json): Condition {
  switch (row.kind) {
    case 'change':
      return {
        kind: 'change',
        compare: oneOf(COMPARES, row.compare) ?? 'previous_period',
        of: row.of === 'amount' ? 'amount' : 'ratio',
        match: oneOf(['date', 'weekday'] as const, row.match),
        ...marked(row),
      };
    case 'no_data':
      return { kind: 'no_data', zero: row.zero !== false };
    case 'anomaly':
      return {
        kind: 'anomaly',
        sides: oneOf(BOTH_SIDES, row.sides) ?? 'both',
        sensitivity: decimal(row.sensitivity) ?? '3.5',
        recover: decimal(row.recover),
        weeks: count(row.weeks) || 6,
      };
    case 'incidents':
      return { kind: 'incidents', subjects: texts(row.subjects), kinds: texts(row.kinds) };
    default:
      return { kind: 'level', ...marked(row) };
  }
}

function marked(row: Json) {
  const side = oneOf(SIDES, row.side) ?? 'high';
  return { side, threshold: decimal(row.threshold) ?? '', recover: decimal(row.recover) };
}

/** A number, or a text of all its digits. */
export function decimal(given: unknown): string | null {
  if (typeof given === 'number' && Number.isFinite(given)) return plainDecimal(given);
  return maybeText(given);
}

/** `1e-7` is no text that people type. */
function plainDecimal(given: number): string {
  const shown = String(given);
  return /e/.test(shown) ? given.toFixed(20).replace(/\.?0+$/, '') : shown;
}

function mute(row: Json): MuteWindow {
  const days = Array.isArray(row.weekdays) ? row.weekdays.filter((day) => typeof day === 'number') : [];
  return { weekdays: days, from: text(row.from), until: text(row.until), zone: text(row.tz) || 'UTC' };
}

function state(row: Json): RuleState {
  const counts = isObject(row.counts) ? Object.entries(row.counts) : [];
  return {
    phase: oneOf(PHASES, row.phase),
    since: maybeInstant(row.since),
    lookedAtUntil: maybeInstant(row.looked_at_until),
    nextBucketEnds: maybeInstant(row.next_bucket_ends),
    late: maybeText(row.late),
    error: maybeText(row.error),
    toldAt: maybeInstant(row.told_at),
    counts: Object.fromEntries(counts.map(([name, found]) => [name, count(found)])),
    groups: objects(row.groups).map((group) => ({
      group: groupNames(group.group),
      phase: oneOf(PHASES, group.phase),
      since: maybeInstant(group.since),
      start: maybeInstant(group.start),
      end: maybeInstant(group.end),
      value: maybeText(group.value),
      held: maybeText(group.held),
      reason: maybeText(group.reason),
      toldAt: maybeInstant(group.told_at),
    })),
  };
}

export function groupNames(given: unknown): GroupNames {
  const entries = isObject(given) ? Object.entries(given) : [];
  return Object.fromEntries(entries.map(([name, member]) => [name, typeof member === 'string' ? member : null]));
}

/** `3.10.0 · headwater`; empty where nothing is grouped. */
export function groupTitle(group: GroupNames): string {
  return Object.values(group)
    .map((member) => member || '(none)')
    .join(' · ');
}
