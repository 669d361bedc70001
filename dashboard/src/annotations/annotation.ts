/** What happened that numbers do not tell: a release, a campaign. As the API tells it, and as a mark on a chart. Pure. */

import { instant, maybeInstant, maybeText, object, results, text, texts } from '../api/json.ts';
import type { Mark } from '../charts/input.ts';

export const ANNOTATION_KINDS = ['release', 'campaign', 'incident', 'note'] as const;
export const ANNOTATION_NAMES: Record<string, string> = {
  release: 'Release',
  campaign: 'Campaign',
  incident: 'Incident',
  note: 'Note',
};

export interface Annotation {
  readonly id: string;
  readonly at: Date;
  /** Null: it took no time. */
  readonly until: Date | null;
  readonly title: string;
  readonly kind: string;
  /** Charts of these sources show it; of none: every chart does. */
  readonly sources: readonly string[];
  readonly url: string | null;
  /** GitHub says so; people cannot change it here. */
  readonly fromGithub: boolean;
  readonly by: string;
  readonly mine: boolean;
}

export function parseAnnotation(json: unknown): Annotation {
  const row = object(json);
  return {
    id: text(row.id),
    at: instant(row.at, 'at'),
    until: maybeInstant(row.until),
    title: text(row.title),
    kind: text(row.kind),
    sources: texts(row.metric_sources),
    url: safeUrl(maybeText(row.url)),
    fromGithub: row.source === 'github',
    by: text(row.created_by),
    mine: row.mine === true,
  };
}

export const parseAnnotations = (json: unknown): Annotation[] => results(json).map(parseAnnotation);

/** A link leads to the web, and nowhere else: `javascript:` runs what somebody wrote. */
export function safeUrl(url: string | null): string | null {
  return url && /^https?:\/\//i.test(url) ? url : null;
}

/** Those that say something of a chart of these sources. */
export function about(annotations: readonly Annotation[], sources: readonly string[]): Annotation[] {
  return annotations.filter(
    (one) => one.sources.length === 0 || one.sources.some((source) => sources.includes(source)),
  );
}

export function markOf({ at, until, title, kind, url }: Annotation): Mark {
  return { at, until, title, kind, ...(url ? { url } : {}) };
}

/** What is sent: times by the clock of a zone, as people typed them. */
export interface Draft {
  readonly title: string;
  readonly kind: string;
  /** `2026-11-20T09:00`. */
  readonly at: string;
  /** Empty: it took no time. */
  readonly until: string;
  readonly url: string;
  readonly sources: readonly string[];
}

export function draftJson({ title, kind, at, until, url, sources }: Draft, zone: string): Record<string, unknown> {
  return {
    title: title.trim(),
    kind,
    at,
    until: until || null,
    url: url.trim() || null,
    metric_sources: sources,
    tz: zone,
  };
}

export function draftOf({ title, kind, at, until, url, sources }: Annotation, zone: string): Draft {
  return { title, kind, at: wall(at, zone), until: until ? wall(until, zone) : '', url: url ?? '', sources };
}

/** An instant as the clock of a zone shows it, for `<input type="datetime-local">`. */
export function wall(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}
