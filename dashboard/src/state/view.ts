/** What the page shows, as the address says it. Everything here is pure; `navigation.ts` touches the browser. */

import {
  autoInterval,
  type DayRange,
  INTERVALS,
  type Interval,
  isTooFine,
  PRESETS,
  type Preset,
  presetRange,
} from '../time/range.ts';
import { type DateString, isDate, isZone } from '../time/zones.ts';

export const SHAPES = ['bars', 'area', 'table'] as const;
export type Shape = (typeof SHAPES)[number];

export interface View {
  /** A preset, or days of one's own. */
  readonly range: Preset | DayRange;
  readonly interval: Interval | 'auto';
  /** Null: the viewer's own zone. */
  readonly zone: string | null;
  readonly downloads: Shape;
  /** The metric of the repositories' chart; null: the first that there is. */
  readonly repositories: string | null;
  readonly repositoriesAs: 'lines' | 'table';
}

export const DEFAULT_VIEW: View = {
  range: '30d',
  interval: 'auto',
  zone: null,
  downloads: 'bars',
  repositories: null,
  repositoriesAs: 'lines',
};

const isPreset = (text: string): text is Preset => Object.hasOwn(PRESETS, text);
const oneOf = <T extends string>(values: readonly T[], text: string | null): T | undefined =>
  values.find((value) => value === text);

/** Read an address. What it says wrongly is left at its default: an old or mistyped link still opens. */
export function parseView(search: string): View {
  const query = new URLSearchParams(search);
  const from = query.get('from') ?? '';
  const to = query.get('to') ?? '';
  const preset = query.get('range') ?? '';
  const zone = query.get('tz') ?? '';
  return {
    range: isDate(from) && isDate(to) && from < to ? { from, to } : isPreset(preset) ? preset : DEFAULT_VIEW.range,
    interval: oneOf(INTERVALS, query.get('interval')) ?? 'auto',
    zone: isZone(zone) ? zone : null,
    downloads: oneOf(SHAPES, query.get('downloads')) ?? DEFAULT_VIEW.downloads,
    repositories: query.get('repositories'),
    repositoriesAs: oneOf(['lines', 'table'] as const, query.get('repositories_as')) ?? 'lines',
  };
}

/** Write an address, defaults left out; parsing it gives the same view. */
export function formatView(view: View): string {
  const query = new URLSearchParams();
  if (typeof view.range !== 'string') {
    query.set('from', view.range.from);
    query.set('to', view.range.to);
  } else if (view.range !== DEFAULT_VIEW.range) query.set('range', view.range);
  if (view.interval !== 'auto') query.set('interval', view.interval);
  if (view.zone) query.set('tz', view.zone);
  if (view.downloads !== DEFAULT_VIEW.downloads) query.set('downloads', view.downloads);
  if (view.repositories) query.set('repositories', view.repositories);
  if (view.repositoriesAs !== 'lines') query.set('repositories_as', view.repositoriesAs);
  const text = query.toString();
  return text && `?${text}`;
}

/** The view with everything decided: the days, the interval and the zone that the API is asked for. */
export interface Question {
  readonly range: DayRange;
  readonly interval: Interval;
  readonly zone: string;
}

/** Decide what is open. `today` is the date in the view's zone. */
export function resolve(view: View, zone: string, today: DateString): Question {
  const range = typeof view.range === 'string' ? presetRange(view.range, today) : view.range;
  const chosen = view.interval !== 'auto' && !isTooFine(range, view.interval) ? view.interval : autoInterval(range);
  return { range, interval: chosen, zone };
}
