/** Moving and resizing, on trial until it is let go: one step to undo, whatever it took. */

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { titleOf } from '../../widgets/title.ts';
import { KIND_NAMES, type Widget } from '../../widgets/widget.ts';
import { COLUMNS, dropIndex, moved, sized, type Step } from './draft.ts';

export interface Drop {
  /** The widget that marks the place. */
  readonly at: string;
  readonly after: boolean;
}

export function sizeAfter(widget: Widget, columns: number, rows: number): [number, number] {
  const { width, height } = sized(widget, { width: widget.width + columns, height: widget.height + rows });
  return [width, height];
}

const nameOf = (widget: Widget | undefined) => (widget ? titleOf(widget, null) || KIND_NAMES[widget.kind] : 'it');
/** So near to the edge of the window a dragged widget scrolls the page, by so much a move. */
const EDGE = 70;
const SCROLL = 16;

export function useArranging(
  grid: RefObject<HTMLDivElement | null>,
  widgets: readonly Widget[],
  act: (step: Step) => void,
  say: (words: string) => void,
) {
  const [trial, setTrial] = useState<readonly Widget[] | null>(null);
  const [grabbed, setGrabbed] = useState<string | null>(null);
  const [drop, setDrop] = useState<Drop | null>(null);
  const ended = useRef<(() => void) | null>(null);
  const shown = trial ?? widgets;

  useEffect(() => () => ended.current?.(), []);
  // A node that is moved in the page loses the focus.
  useLayoutEffect(() => {
    if (grabbed) document.getElementById(`grip-${grabbed}`)?.focus();
  }, [trial, grabbed]);

  const letGo = (words: string, keep: boolean) => {
    if (keep && trial) act({ do: 'change', part: { widgets: trial } });
    setTrial(null);
    setGrabbed(null);
    say(words);
  };

  const onGripKey = (event: KeyboardEvent, id: string) => {
    const one = shown.find((widget) => widget.id === id);
    const at = shown.findIndex((widget) => widget.id === id);
    if (!one) return;
    const name = nameOf(one);
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      if (grabbed === id) letGo(`Dropped ${name} at place ${at + 1} of ${shown.length}.`, true);
      else {
        setGrabbed(id);
        setTrial(widgets);
        say(
          `Grabbed ${name}, place ${at + 1} of ${shown.length}. Arrow keys move it, with Shift they resize it; Space drops it, Escape puts it back.`,
        );
      }
      return;
    }
    if (grabbed !== id) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      letGo(`Put ${name} back.`, false);
    } else if (event.key === 'Tab') letGo(`Dropped ${name} at place ${at + 1} of ${shown.length}.`, true);
    else if (event.key.startsWith('Arrow')) {
      event.preventDefault();
      if (event.shiftKey) resizeByKey(event.key, one);
      else {
        const to = Math.min(shown.length - 1, Math.max(0, at + (/Right|Down/.test(event.key) ? 1 : -1)));
        setTrial(moved(shown, id, to));
        say(`${name}: place ${to + 1} of ${shown.length}.`);
      }
    }
  };

  const resizeByKey = (key: string, one: Widget) => {
    const columns = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    const rows = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
    const [width, height] = sizeAfter(one, columns, rows);
    setTrial(shown.map((widget) => (widget.id === one.id ? { ...widget, width, height } : widget)));
    say(`${nameOf(one)}: ${width} of ${COLUMNS} columns, ${height} ${height === 1 ? 'row' : 'rows'}.`);
  };

  const cells = (but: string) =>
    [...(grid.current?.querySelectorAll<HTMLElement>('[data-cell]') ?? [])].filter((cell) => cell.dataset.cell !== but);

  const onGripDown = (event: PointerEvent, id: string) => {
    if (event.button !== 0) return;
    let to: number | null = null;
    const from = widgets.findIndex((widget) => widget.id === id);
    const one = widgets[from];
    follow(event, ended, {
      move: ({ clientX, clientY }) => {
        if (clientY < EDGE) scrollBy(0, -SCROLL);
        else if (clientY > innerHeight - EDGE) scrollBy(0, SCROLL);
        const others = cells(id);
        to = dropIndex(
          others.map((cell) => cell.getBoundingClientRect()),
          clientX,
          clientY,
        );
        const mark = others[to] ?? others.at(-1);
        setGrabbed(id);
        setDrop(mark?.dataset.cell ? { at: mark.dataset.cell, after: to >= others.length } : null);
      },
      end: (kept) => {
        setGrabbed(null);
        setDrop(null);
        if (!kept || to === null || to === from) return;
        act({ do: 'move', id, to });
        say(`Moved ${nameOf(one)} to place ${to + 1} of ${widgets.length}.`);
      },
    });
  };

  const onCornerDown = (event: PointerEvent, id: string) => {
    const cell = (event.currentTarget as HTMLElement).closest<HTMLElement>('[data-cell]');
    const one = widgets.find((widget) => widget.id === id);
    if (event.button !== 0 || !cell || !grid.current || !one) return;
    const style = getComputedStyle(grid.current);
    const gap = Number.parseFloat(style.columnGap) || 0;
    const row = Number.parseFloat(style.gridAutoRows) || 128;
    const column = (grid.current.clientWidth + gap) / COLUMNS;
    const { left, top } = cell.getBoundingClientRect();
    const begin = scrollY;
    let size = { width: one.width, height: one.height };
    follow(event, ended, {
      move: ({ clientX, clientY }) => {
        const high = clientY - top + (scrollY - begin);
        const next = sized(one, { width: (clientX - left + gap) / column, height: (high + gap) / (row + gap) });
        if (next.width === size.width && next.height === size.height) return;
        size = next;
        setTrial(widgets.map((widget) => (widget.id === id ? next : widget)));
      },
      end: (kept) => {
        setTrial(null);
        if (!kept) return;
        act({ do: 'resize', id, ...{ width: size.width, height: size.height } });
        say(`${nameOf(one)}: ${size.width} of ${COLUMNS} columns, ${size.height} rows.`);
      },
    });
  };

  /** The focus must not fall to the page when what had it is gone. */
  const focusAfterRemoving = (id: string) => {
    const at = shown.findIndex((widget) => widget.id === id);
    const next = shown[at + 1] ?? shown[at - 1];
    const target = next ? `grip-${next.id}` : 'add-widget';
    setTimeout(() => document.getElementById(target)?.focus());
  };

  return { shown, grabbed, drop, onGripKey, onGripDown, onCornerDown, focusAfterRemoving };
}

interface Following {
  readonly move: (event: PointerEvent) => void;
  /** `kept`: let go where it is; else given up by Escape, or taken away. */
  readonly end: (kept: boolean) => void;
}

/** Follow one pointer from its going down until it is let go. */
function follow(down: PointerEvent, ended: { current: (() => void) | null }, { move, end }: Following): void {
  const target = down.currentTarget as HTMLElement;
  target.setPointerCapture(down.pointerId);
  const finish = (kept: boolean) => {
    target.removeEventListener('pointermove', move);
    target.removeEventListener('pointerup', up);
    target.removeEventListener('pointercancel', cancel);
    removeEventListener('keydown', key, true);
    ended.current = null;
    end(kept);
  };
  const up = () => finish(true);
  const cancel = () => finish(false);
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    finish(false);
  };
  target.addEventListener('pointermove', move);
  target.addEventListener('pointerup', up);
  target.addEventListener('pointercancel', cancel);
  addEventListener('keydown', key, true);
  ended.current = cancel;
}
