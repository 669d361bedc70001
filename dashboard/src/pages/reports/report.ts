/** Reports and what was made of them, as the API keeps them. Pure. */

import {
  count,
  isObject,
  type Json,
  maybeCount,
  maybeInstant,
  maybeText,
  object,
  objects,
  oneOf,
  results,
  text,
  texts,
} from '../../api/json.ts';

export const FORMATS = ['pdf', 'xlsx'] as const;
export const CADENCES = ['daily', 'weekly', 'monthly'] as const;
export type Cadence = (typeof CADENCES)[number];

export interface Schedule {
  readonly cadence: Cadence;
  readonly hour: number;
  readonly zone: string;
  /** 1 is Monday: of a weekly one. */
  readonly weekday: number;
  /** Of a monthly one. */
  readonly day: number;
}

export interface Report {
  readonly name: string;
  readonly title: string;
  readonly format: (typeof FORMATS)[number];
  /** As the API takes them: a question, a saved query or SQL each. */
  readonly parts: readonly Json[];
  readonly to: readonly string[];
  readonly schedule: Schedule | null;
  readonly enabled: boolean;
  readonly nextAt: Date | null;
}

export function parseReport(json: unknown): Report {
  const row = object(json);
  return {
    name: text(row.name),
    title: text(row.title),
    format: oneOf(FORMATS, row.format) ?? 'pdf',
    parts: objects(row.parts),
    to: texts(row.to),
    schedule: isObject(row.schedule) ? readSchedule(row.schedule) : null,
    enabled: row.enabled === true,
    nextAt: maybeInstant(row.next_at),
  };
}

export const parseReports = (json: unknown): Report[] => results(json).map(parseReport);

function readSchedule(row: Json): Schedule {
  return {
    cadence: oneOf(CADENCES, row.cadence) ?? 'daily',
    hour: count(row.hour),
    zone: text(row.zone),
    weekday: count(row.weekday) || 1,
    day: count(row.day) || 1,
  };
}

/** As the API takes it: each cadence has its own day. */
export function scheduleJson({ cadence, hour, zone, weekday, day }: Schedule): Json {
  const days = { daily: {}, weekly: { weekday }, monthly: { day } }[cadence];
  return { cadence, hour, zone, ...days };
}

export interface ReportRun {
  readonly id: string;
  readonly state: string;
  readonly dueAt: Date | null;
  readonly period: string;
  readonly figures: readonly string[];
  readonly problems: readonly string[];
  readonly askedBy: string | null;
  readonly filename: string;
  readonly sizeBytes: number | null;
  readonly link: string | null;
  readonly error: string | null;
}

export function parseRun(json: unknown): ReportRun {
  const row = object(json);
  const link = maybeText(row.link);
  return {
    id: text(row.id),
    state: text(row.state),
    dueAt: maybeInstant(row.due_at),
    period: text(row.period),
    figures: texts(row.figures),
    problems: texts(row.problems),
    askedBy: maybeText(row.asked_by),
    filename: text(row.filename),
    sizeBytes: maybeCount(row.size_bytes),
    link: link && /^https?:\/\//i.test(link) ? link : null,
    error: maybeText(row.error),
  };
}

export const parseRuns = (json: unknown): ReportRun[] => results(json).map(parseRun);
export const isAtWork = ({ state }: ReportRun): boolean => state === 'queued' || state === 'running';
