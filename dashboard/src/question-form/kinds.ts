/** Which kinds of chart mean something for a question, and why the others do not. Pure. */

import type { Kind } from '../api/shapes.ts';
import { CHART_KINDS, type ChartKind } from '../charts/input.ts';

export type ShownAs = ChartKind | 'table';
export const SHOWN_AS: readonly ShownAs[] = [...CHART_KINDS, 'table'];

export interface Shape {
  readonly metrics: readonly { readonly kind: Kind; readonly unit: string }[];
  readonly grouped: boolean;
  readonly transform: string | null;
  /** Of money: how many the answer has. */
  readonly currencies?: number;
}

/** Why a kind shows nothing true of such a question; null when it does. */
export function whyNot(as: ShownAs, shape: Shape): string | null {
  const { metrics, grouped } = shape;
  const one = metrics.length === 1 && !grouped;
  switch (as) {
    case 'line':
    case 'bar':
    case 'table':
      return null;
    case 'area':
      return one ? null : noSum(shape);
    case 'stacked':
      return one ? 'There is only one part: choose a dimension to group by, or plain bars.' : noSum(shape);
    case 'pie':
      return one ? 'There is only one part: choose a dimension to group by.' : noSum(shape);
    case 'scatter':
      return metrics.length === 2 ? null : 'It sets two metrics against each other: choose exactly two.';
    case 'gauge':
      return one ? null : 'It shows one number: choose one metric, without groups.';
    case 'histogram':
      return one ? null : 'It shows how one metric’s values spread: choose one metric, without groups.';
  }
}

/** Why the parts do not make a whole. */
function noSum({ metrics, currencies = 0 }: Shape): string | null {
  if (currencies > 1) return 'Different currencies do not add up: filter to one.';
  if (new Set(metrics.map(({ unit }) => unit)).size > 1)
    return 'These metrics have different units, which do not add up.';
  if (metrics.some(({ kind }) => kind === 'ratio' || kind === 'derived'))
    return 'Ratios of parts do not add up to the ratio of the whole.';
  if (metrics.some(({ kind }) => kind === 'unique'))
    return 'The same person may be in several parts: they do not add up.';
  return null;
}

/** The kind that is drawn: the one asked for where it means something, else lines. */
export function drawnAs(asked: ShownAs, shape: Shape): { readonly as: ShownAs; readonly instead: string | null } {
  const why = whyNot(asked, shape);
  return why === null ? { as: asked, instead: null } : { as: 'line', instead: why };
}

/** A kind over time has buckets that can be looked at more closely. */
export function isOverTime(as: ShownAs): boolean {
  return as === 'line' || as === 'area' || as === 'bar' || as === 'stacked';
}

/** Why a transform means nothing for a question, as the API says it too; null when it may. */
export function transformWhyNot(transform: string, { metrics, grouped }: Shape): string | null {
  const has = (...kinds: Kind[]) => metrics.some(({ kind }) => kinds.includes(kind));
  if (transform === 'cumulative' && has('gauge', 'unique')) return 'stands and people have no sums over time';
  if (transform.startsWith('rate') && has('gauge', 'unique', 'ratio')) return 'only what is counted has a rate';
  if (transform !== 'share_of_total') return null;
  if (!grouped) return 'of groups only';
  return has('unique', 'ratio') ? 'people and ratios have no shares' : null;
}
