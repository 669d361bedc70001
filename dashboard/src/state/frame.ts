/** The frame of a page's questions as the address says it: `?range=30d&interval=P1W&tz=Europe/Paris&compare=year`.
 * Pure; `address.ts` touches the browser. */

import { oneOf } from '../api/json.ts';
import { type Compare, COMPARES, type Frame } from '../question/question.ts';
import { type Interval, INTERVALS } from '../time/range.ts';
import { DEFAULT_RANGE, intervalFor, isRange, type Range } from '../time/words.ts';
import { isZone } from '../time/zones.ts';

export interface Chosen {
  /** Null: the page's own. */
  readonly range: Range | null;
  /** Null: what suits the range. */
  readonly interval: Interval | null;
  /** Null: the page's, or the viewer's. */
  readonly zone: string | null;
  readonly compare: Compare | null;
}

/** Read an address. What it says wrongly is left at its default: an old or mistyped link still opens. */
export function parseChosen(query: URLSearchParams): Chosen {
  const days = { from: query.get('from') ?? '', to: query.get('to') ?? '' };
  const word = query.get('range');
  const zone = query.get('tz') ?? '';
  return {
    range: isRange(days) ? days : isRange(word) ? word : null,
    interval: oneOf(INTERVALS, query.get('interval')),
    zone: isZone(zone) ? zone : null,
    compare: oneOf(COMPARES, query.get('compare')),
  };
}

/** What `parseChosen` leaves at its default because it is wrong, a sentence each: whoever followed a link has to know. */
export function frameFaults(query: URLSearchParams): string[] {
  const wrong = (name: string, good: (text: string) => boolean, help: string) => {
    const text = query.get(name);
    return text && !good(text) ? [`“${name}=${short(text)}” is not understood: ${help}`] : [];
  };
  const { from, to } = { from: query.get('from'), to: query.get('to') };
  const days = from || to ? isRange({ from: from ?? '', to: to ?? '' }) : true;
  return [
    ...wrong('range', isRange, 'words such as 7d, 12w, 6mo, 24h, mtd or last_year are known.'),
    ...(days
      ? []
      : [
          '“from” and “to” are not understood: two dates belong there, such as 2026-11-01, the first before the second.',
        ]),
    ...wrong('interval', (text) => INTERVALS.some((one) => one === text), `${INTERVALS.join(', ')} are known.`),
    ...wrong('tz', isZone, 'the name of a time zone belongs there, such as Europe/Paris.'),
    ...wrong('compare', (text) => COMPARES.some((one) => one === text), `${COMPARES.join(', ')} are known.`),
  ];
}

/** What of an address is repeated to whoever followed it. */
export const short = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** What a choice changes in the address; null takes a parameter out. */
export function chosenParameters(part: Partial<Chosen>): Record<string, string | null> {
  const changed: Record<string, string | null> = {};
  if (part.range !== undefined) {
    const days = typeof part.range === 'object' && part.range ? part.range : null;
    changed.range = typeof part.range === 'string' ? part.range : null;
    changed.from = days?.from ?? null;
    changed.to = days?.to ?? null;
  }
  if (part.interval !== undefined) changed.interval = part.interval;
  if (part.zone !== undefined) changed.tz = part.zone;
  if (part.compare !== undefined) changed.compare = part.compare;
  return changed;
}

/** What a page falls back to: a dashboard's own range and zone. */
export interface Fallback {
  readonly range?: Range | null;
  readonly zone?: string | null;
}

export function frameOf(chosen: Chosen, viewerZone: string, fallback: Fallback = {}): Frame {
  const range = chosen.range ?? fallback.range ?? DEFAULT_RANGE;
  return {
    range,
    interval: intervalFor(range, chosen.interval),
    zone: chosen.zone ?? fallback.zone ?? viewerZone,
    compare: chosen.compare,
  };
}
