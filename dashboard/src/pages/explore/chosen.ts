/** What the explorer shows, as its address says it: `?metrics=downloads&by=version&top=7&as=stacked&range=90d`. Pure. */

import { asking, MOST_DIMENSIONS, MOST_GROUPS, MOST_METRICS, type Question } from '../../question/question.ts';
import { INTERVALS, type Interval } from '../../time/range.ts';
import { isRange, type Range } from '../../time/words.ts';
import { frameFaults, short } from '../../state/frame.ts';
import { SHOWN_AS, type ShownAs } from '../../question-form/kinds.ts';

/** Where one came from: a wider range, and how fine it was. */
export interface Step {
  readonly range: Range;
  /** Null: what suits the range. */
  readonly interval: Interval | null;
}

export interface Chosen {
  readonly metrics: readonly string[];
  readonly groupBy: readonly string[];
  readonly filter: string | null;
  readonly top: number | null;
  readonly transform: string | null;
  readonly as: ShownAs;
  /** A gauge's full mark. */
  readonly target: string | null;
  readonly notes: boolean;
  readonly thresholds: boolean;
  readonly trail: readonly Step[];
}

export interface Read {
  readonly chosen: Chosen;
  /** What the address says that could not be understood, a sentence each. */
  readonly faults: readonly string[];
}

const NAME = /^[A-Za-z_]\w{0,99}$/;
const TRANSFORM = /^(cumulative|moving_average:[1-9]\d{0,3}|share_of_total|rate:(second|minute|hour|day))$/;
const TARGET = /^(?=.*[1-9])\d{1,15}(\.\d{1,6})?$/;

/** Read an address: what it says wrongly is left out, and said. */
export function readChosen(query: URLSearchParams): Read {
  const faults: string[] = [];
  const pick = <T>(name: string, read: (text: string) => T | null, otherwise: T, help: string): T => {
    const text = query.get(name);
    if (text === null || text === '') return otherwise;
    const found = read(text);
    if (found === null) faults.push(`“${name}=${short(text)}” is not understood: ${help}`);
    return found ?? otherwise;
  };
  const off = (text: string) => (text === 'off' ? false : text === 'on' ? true : null);
  const chosen: Chosen = {
    metrics: pick(
      'metrics',
      names(MOST_METRICS),
      [],
      `names of at most ${MOST_METRICS} metrics belong there, between commas.`,
    ),
    groupBy: pick(
      'by',
      names(MOST_DIMENSIONS),
      [],
      `names of at most ${MOST_DIMENSIONS} dimensions belong there, between commas.`,
    ),
    filter: query.get('filter')?.trim() || null,
    top: pick('top', groups, null, `a whole number from 1 to ${MOST_GROUPS} belongs there.`),
    transform: pick(
      'transform',
      matching(TRANSFORM),
      null,
      'cumulative, moving_average:7, share_of_total and rate:hour are known.',
    ),
    as: pick('as', oneIn(SHOWN_AS), 'line', `${SHOWN_AS.join(', ')} are known.`),
    target: pick('target', matching(TARGET), null, 'a number above 0 belongs there.'),
    notes: pick('notes', off, true, 'on and off are known.'),
    thresholds: pick('thresholds', off, true, 'on and off are known.'),
    trail: pick('trail', readTrail, [], 'the way back to the wider range is lost.'),
  };
  return { chosen, faults: [...faults, ...frameFaults(query)] };
}

/** What a choice changes in the address; null takes a parameter out. */
export function chosenParameters(part: Partial<Chosen>): Record<string, string | null> {
  const changed: Record<string, string | null> = {};
  const set = <K extends keyof Chosen>(key: K, name: string, write: (value: Chosen[K]) => string | null) => {
    if (part[key] !== undefined) changed[name] = write(part[key]);
  };
  set('metrics', 'metrics', (metrics) => metrics.join(','));
  set('groupBy', 'by', (groupBy) => groupBy.join(','));
  set('filter', 'filter', (filter) => filter);
  set('top', 'top', (top) => (top === null ? null : String(top)));
  set('transform', 'transform', (transform) => transform);
  set('as', 'as', (as) => (as === 'line' ? null : as));
  set('target', 'target', (target) => target);
  set('notes', 'notes', (shown) => (shown ? null : 'off'));
  set('thresholds', 'thresholds', (shown) => (shown ? null : 'off'));
  set('trail', 'trail', writeTrail);
  return changed;
}

export function questionOf(chosen: Chosen): Question {
  const { metrics, groupBy, filter, top, transform } = chosen;
  return asking(metrics, { groupBy, filter, top, transform });
}

const oneIn =
  <T extends string>(values: readonly T[]) =>
  (text: string): T | null =>
    values.find((value) => value === text) ?? null;
const matching = (form: RegExp) => (text: string) => (form.test(text) ? text : null);

const names = (most: number) => (text: string) => {
  const found = [...new Set(text.split(',').map((name) => name.trim()))];
  return found.length <= most && found.every((name) => NAME.test(name)) ? found : null;
};

function groups(text: string): number | null {
  const count = Number(text);
  return Number.isInteger(count) && count >= 1 && count <= MOST_GROUPS ? count : null;
}

/** `12mo@P1M,2026-10-01..2026-11-01@auto` */
function readTrail(text: string): Step[] | null {
  const steps = text.split(',').map((part) => {
    const [range, interval] = part.split('@');
    const [from, to] = (range ?? '').split('..');
    const found = to === undefined ? range : { from: from ?? '', to };
    const fine = INTERVALS.find((one) => one === interval) ?? null;
    return isRange(found) && (fine || interval === 'auto') ? { range: found, interval: fine } : null;
  });
  return steps.length <= 8 && steps.every((step) => step !== null) ? steps : null;
}

function writeTrail(trail: readonly Step[]): string {
  return trail
    .map(
      ({ range, interval }) =>
        `${typeof range === 'string' ? range : `${range.from}..${range.to}`}@${interval ?? 'auto'}`,
    )
    .join(',');
}
