/** A dashboard while it is edited: every step can be undone, and what it began with is known. Pure. */

import type { Widget } from '../../widgets/widget.ts';
import { type Content, contentJson } from './dashboard.ts';

/** As many steps back as people ever want. */
const STEPS = 200;
export const MOST_WIDGETS = 100;
export const COLUMNS = 12;
export const MOST_ROWS = 6;

export interface Draft {
  readonly past: readonly Content[];
  readonly now: Content;
  readonly future: readonly Content[];
  /** The fields that the last step changed: more typing in them belongs to the same step. */
  readonly typing: string | null;
}

export type Step =
  | { readonly do: 'change'; readonly part: Partial<Content> }
  | { readonly do: 'add'; readonly widget: Widget }
  | { readonly do: 'replace'; readonly widget: Widget }
  | { readonly do: 'remove'; readonly id: string }
  | { readonly do: 'duplicate'; readonly id: string }
  | { readonly do: 'move'; readonly id: string; readonly to: number }
  | { readonly do: 'resize'; readonly id: string; readonly width: number; readonly height: number }
  | { readonly do: 'undo' }
  | { readonly do: 'redo' }
  /** Begin anew with what is kept: nothing before it can be undone. */
  | { readonly do: 'load'; readonly content: Content }
  /** Take what somebody else has saved; what was one's own is a step back. */
  | { readonly do: 'take'; readonly content: Content };

export const begin = (content: Content): Draft => ({ past: [], now: content, future: [], typing: null });

export function step(draft: Draft, given: Step): Draft {
  const { past, now, future } = draft;
  if (given.do === 'load') return begin(given.content);
  if (given.do === 'undo') {
    const before = past.at(-1);
    return before ? { past: past.slice(0, -1), now: before, future: [now, ...future], typing: null } : draft;
  }
  if (given.do === 'redo') {
    const [next, ...rest] = future;
    return next ? { past: [...past, now], now: next, future: rest, typing: null } : draft;
  }
  const next = given.do === 'take' ? given.content : changed(now, given);
  if (sameContent(next, now)) return draft;
  const typing = given.do === 'change' && !given.part.widgets ? Object.keys(given.part).join(' ') : null;
  const goesOn = typing !== null && typing === draft.typing;
  return { past: goesOn ? past : [...past, now].slice(-STEPS), now: next, future: [], typing };
}

type Change = Exclude<Step, { readonly do: 'undo' | 'redo' | 'load' | 'take' }>;

function changed(content: Content, given: Change): Content {
  const { widgets } = content;
  const at = 'id' in given ? widgets.findIndex(({ id }) => id === given.id) : -1;
  const one = widgets[at];
  const having = (next: readonly Widget[]): Content => ({ ...content, widgets: next.slice(0, MOST_WIDGETS) });
  switch (given.do) {
    case 'change':
      return { ...content, ...given.part };
    case 'add':
      return having([...widgets, { ...given.widget, id: freeId(widgets) }]);
    case 'replace':
      return having(widgets.map((widget) => (widget.id === given.widget.id ? given.widget : widget)));
    case 'remove':
      return having(widgets.filter(({ id }) => id !== given.id));
    case 'duplicate':
      return one ? having(widgets.toSpliced(at + 1, 0, { ...one, id: freeId(widgets) })) : content;
    case 'move':
      return one ? having(moved(widgets, given.id, given.to)) : content;
    case 'resize':
      return having(widgets.map((widget) => (widget.id === given.id ? sized(widget, given) : widget)));
  }
}

/** The widgets with one at another place. */
export function moved(widgets: readonly Widget[], id: string, to: number): Widget[] {
  const from = widgets.findIndex((widget) => widget.id === id);
  const one = widgets[from];
  if (!one) return [...widgets];
  return widgets.toSpliced(from, 1).toSpliced(Math.max(0, to), 0, one);
}

export function sized(widget: Widget, { width, height }: { readonly width: number; readonly height: number }): Widget {
  return { ...widget, width: within(width, COLUMNS), height: within(height, MOST_ROWS) };
}

const within = (given: number, most: number) => Math.min(most, Math.max(1, Math.round(given)));

/** The first of `w1`, `w2`, … that nobody has. */
export function freeId(widgets: readonly Widget[]): string {
  const taken = new Set(widgets.map(({ id }) => id));
  for (let n = 1; ; n += 1) if (!taken.has(`w${n}`)) return `w${n}`;
}

export function sameContent(a: Content, b: Content): boolean {
  return a === b || JSON.stringify(contentJson(a)) === JSON.stringify(contentJson(b));
}

/** Where a widget would stand that is dropped at a point: before the first whose middle lies behind it in reading
 * order. `boxes` are those of the others, in their order. */
export function dropIndex(boxes: readonly Box[], x: number, y: number): number {
  let best = boxes.length;
  for (const [index, box] of boxes.entries()) {
    const sameRow = y >= box.top && y <= box.bottom;
    if (sameRow && x < (box.left + box.right) / 2) return index;
    if (sameRow) best = index + 1;
    else if (y < box.top) return Math.min(best, index);
  }
  return best;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
