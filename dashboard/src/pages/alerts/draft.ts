/** A rule while it is typed: texts as they stand in the fields, and what the API is told of them. Pure. */

import type { Json } from '../../api/json.ts';
import { filterLine } from '../../question/filter-json.ts';
import type { Compare } from '../../question/question.ts';
import { type Interval, INTERVALS } from '../../time/range.ts';
import { type Length, isoOf, lengthOf, NO_LENGTH } from './durations.ts';
import { BOTH_SIDES, type ConditionKind, type MuteWindow, type Rule, type Severity, type Side } from './rule.ts';

export interface Mark {
  readonly side: Side;
  /** Of a change in shares: percent. */
  readonly threshold: string;
  readonly recover: string;
}

export interface Draft {
  readonly name: string;
  readonly kind: ConditionKind;
  readonly metric: string;
  readonly interval: Interval;
  readonly zone: string;
  /** A line, as docs/questions.md writes it. */
  readonly filter: string;
  readonly groupBy: readonly string[];
  readonly level: Mark;
  readonly change: Mark;
  readonly compare: Compare;
  readonly of: 'ratio' | 'amount';
  readonly match: 'date' | 'weekday' | null;
  readonly zero: boolean;
  readonly sides: (typeof BOTH_SIDES)[number];
  readonly sensitivity: string;
  readonly calm: string;
  readonly weeks: string;
  /** Separated by commas or lines. */
  readonly subjects: string;
  readonly kinds: readonly string[];
  readonly hold: Length;
  readonly keepFiring: Length;
  readonly remind: Length;
  readonly onNoData: string;
  readonly onError: string;
  readonly severity: Severity;
  readonly topic: string;
  readonly owner: string;
  readonly to: readonly string[];
  readonly message: string;
  readonly mute: readonly MuteWindow[];
}

const NO_MARK: Mark = { side: 'high', threshold: '', recover: '' };

export function emptyDraft(zone: string): Draft {
  return {
    name: '',
    kind: 'level',
    metric: '',
    interval: 'P1D',
    zone,
    filter: '',
    groupBy: [],
    level: NO_MARK,
    change: { side: 'low', threshold: '-20', recover: '' },
    compare: 'week',
    of: 'ratio',
    match: null,
    zero: true,
    sides: 'both',
    sensitivity: '3.5',
    calm: '',
    weeks: '6',
    subjects: '*',
    kinds: [],
    hold: NO_LENGTH,
    keepFiring: NO_LENGTH,
    remind: NO_LENGTH,
    onNoData: 'tell',
    onError: 'tell',
    severity: 'warning',
    topic: 'general',
    owner: '',
    to: ['subscribers'],
    message: '',
    mute: [],
  };
}

/** What a link may say: `/alerts/new?metric=downloads&filter=…&group_by=version,product&interval=PT1H`. */
export function draftOfLink(query: URLSearchParams, zone: string): Draft {
  const empty = emptyDraft(query.get('tz') || zone);
  const groups = query.getAll('group_by').flatMap((names) => names.split(','));
  return {
    ...empty,
    metric: query.get('metric') ?? '',
    filter: query.get('filter') ?? '',
    groupBy: groups.filter(Boolean),
    interval: INTERVALS.find((one) => one === query.get('interval')) ?? empty.interval,
  };
}

export function draftOf(rule: Rule, zone: string): Draft {
  const { condition } = rule;
  const base: Draft = {
    ...emptyDraft(rule.zone ?? zone),
    name: rule.name,
    kind: condition.kind,
    metric: rule.metric ?? '',
    interval: rule.interval ?? 'P1D',
    filter: filterLine(rule.filter) ?? '',
    groupBy: rule.groupBy,
    hold: lengthOf(rule.hold),
    keepFiring: lengthOf(rule.keepFiring),
    remind: lengthOf(rule.remind),
    onNoData: rule.onNoData,
    onError: rule.onError,
    severity: rule.severity,
    topic: rule.topic,
    owner: rule.owner,
    to: rule.to,
    message: rule.message,
    mute: rule.mute,
  };
  switch (condition.kind) {
    case 'level':
      return { ...base, level: markOf(condition, false) };
    case 'change': {
      const { compare, of, match } = condition;
      return { ...base, compare, of, match, change: markOf(condition, of === 'ratio') };
    }
    case 'no_data':
      return { ...base, zero: condition.zero };
    case 'anomaly': {
      const { sides, sensitivity, recover, weeks } = condition;
      return { ...base, sides, sensitivity, calm: recover ?? '', weeks: String(weeks) };
    }
    case 'incidents':
      return { ...base, subjects: condition.subjects.join(', '), kinds: condition.kinds };
  }
}

function markOf(given: { side: Side; threshold: string; recover: string | null }, percent: boolean): Mark {
  const shown = (mark: string) => (percent ? shifted(mark, 2) : mark);
  return { side: given.side, threshold: shown(given.threshold), recover: shown(given.recover ?? '') };
}

/** A decimal times a power of ten, by moving its point: no digit is lost as it would be through a double. */
export function shifted(decimal: string, places: number): string {
  const found = /^\s*(-?)(\d+)(?:\.(\d+))?\s*$/.exec(decimal);
  if (!found) return decimal;
  const [, sign = '', whole = '', part = ''] = found;
  const digits = places >= 0 ? whole + part.padEnd(places, '0') : whole.padStart(1 - places, '0') + part;
  const point = whole.length + places >= 1 ? whole.length + places : digits.length - part.length + places;
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const right = digits.slice(point).replace(/0+$/, '');
  return `${sign}${left}${right && `.${right}`}`;
}

/** What the API is told. What was typed wrongly goes as it is: the API says what is wrong, and where. */
export function bodyOf(draft: Draft): Json {
  const looks = draft.kind !== 'incidents';
  return {
    name: draft.name,
    metric: looks ? draft.metric || null : null,
    interval: looks ? draft.interval : null,
    tz: looks ? draft.zone : null,
    filter: looks ? draft.filter.trim() || null : null,
    group_by: looks ? draft.groupBy : [],
    condition: conditionOf(draft),
    severity: draft.severity,
    for: isoOf(draft.hold),
    keep_firing_for: isoOf(draft.keepFiring),
    renotify_interval: isoOf(draft.remind),
    on_no_data: draft.onNoData,
    on_error: draft.onError,
    topic: draft.topic.trim(),
    owner: draft.owner,
    to: draft.to,
    message: draft.message,
    mute: draft.mute.map(({ weekdays, from, until, zone }) => ({ weekdays, from, until, tz: zone })),
  };
}

function conditionOf(draft: Draft): Json {
  switch (draft.kind) {
    case 'level':
      return { kind: 'level', ...markJson(draft.level, false) };
    case 'change': {
      const { compare, of, match, change } = draft;
      return { kind: 'change', compare, of, match, ...markJson(change, of === 'ratio') };
    }
    case 'no_data':
      return { kind: 'no_data', zero: draft.zero };
    case 'anomaly':
      return {
        kind: 'anomaly',
        sides: draft.sides,
        sensitivity: draft.sensitivity.trim() || null,
        recover: draft.calm.trim() || null,
        weeks: /^\d+$/.test(draft.weeks.trim()) ? Number(draft.weeks) : draft.weeks || null,
      };
    case 'incidents':
      return { kind: 'incidents', subjects: subjectsOf(draft.subjects), kinds: draft.kinds };
  }
}

function markJson({ side, threshold, recover }: Mark, percent: boolean): Json {
  const told = (mark: string) => (percent ? shifted(mark, -2) : mark.trim());
  return { side, threshold: told(threshold), recover: recover.trim() ? told(recover) : null };
}

export function subjectsOf(given: string): string[] {
  return given
    .split(/[,\n]/)
    .map((subject) => subject.trim())
    .filter(Boolean);
}

/** The mark of this kind of condition; null for those that have none. */
export function markOfDraft(draft: Draft): Mark | null {
  return draft.kind === 'level' ? draft.level : draft.kind === 'change' ? draft.change : null;
}

/** Who is told, and in which words, decides nothing: typing that asks for no other preview. */
export const TRIED_NAME = 'Tried';
const DECIDES = [
  'metric',
  'interval',
  'tz',
  'filter',
  'group_by',
  'condition',
  'severity',
  'for',
  'keep_firing_for',
  'renotify_interval',
  'on_no_data',
  'on_error',
  'mute',
];

/** What is tried on the past: all that decides when it fires; null while too little is known. */
export function previewBody(draft: Draft, range: string): Json | null {
  if (draft.kind === 'incidents' || !draft.metric) return null;
  const mark = markOfDraft(draft);
  if (mark && !mark.threshold.trim()) return null;
  const body = bodyOf(draft);
  const decides = DECIDES.map((name) => [name, body[name]]);
  return { ...(Object.fromEntries(decides) as Json), name: TRIED_NAME, range };
}

/** Which fields of a rule are others than they were, in words. */
export function changedFields(before: Rule, after: Rule): string[] {
  const [old, now] = [bodyOf(draftOf(before, 'UTC')), bodyOf(draftOf(after, 'UTC'))];
  return Object.keys(now)
    .filter((name) => JSON.stringify(now[name]) !== JSON.stringify(old[name]))
    .map((name) => name.replaceAll('_', ' '));
}
