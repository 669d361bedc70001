/** A widget that is worked on in the explorer, and taken back to the dashboard that is edited: all of it in addresses.
 * Pure. */

import { type Frame, type Question } from '../../question/question.ts';
import { parseChosen } from '../../state/frame.ts';
import { explorerAddress, shownAs } from '../../widgets/explore-address.ts';
import type { Widget } from '../../widgets/widget.ts';
import { questionOf, readChosen } from './chosen.ts';

/** Which widget of which dashboard: in the explorer's address `widget=d_1/w3`. */
export interface Place {
  readonly dashboard: string;
  readonly widget: string;
}

const PLACE = /^([\w-]{1,64})\/([\w-]{1,64})$/;

export function readPlace(query: URLSearchParams): Place | null {
  const [, dashboard, widget] = PLACE.exec(query.get('widget') ?? '') ?? [];
  return dashboard && widget ? { dashboard, widget } : null;
}

/** Where a widget is worked on; null for what asks nothing. What the page compares with is not the widget's own. */
export function tripAddress(dashboard: string, widget: Widget, frame: Frame, viewer: string): string | null {
  const address = explorerAddress(widget, { ...frame, compare: null }, viewer);
  return address && `${address}&widget=${encodeURIComponent(`${dashboard}/${widget.id}`)}`;
}

/** Where it is taken back to, with what is asked now. */
export function backAddress({ dashboard, widget }: Place, search: string | null): string {
  const query = new URLSearchParams({ edit: '1', change: widget });
  if (search !== null) query.set('asks', search);
  return `/dashboards/${encodeURIComponent(dashboard)}?${query.toString()}`;
}

/** The widget with what the explorer's address asks. Days and fineness that were the dashboard's stay the dashboard's. */
export function broughtBack(widget: Widget, search: string): Widget {
  const query = new URLSearchParams(search);
  const { chosen } = readChosen(query);
  const { range, interval, compare } = parseChosen(query);
  const before = widget.question;
  const question: Question = {
    ...questionOf(chosen),
    compare,
    range: before?.range ? range : null,
    interval: before?.interval ? interval : null,
  };
  const kind = chosen.as === shownAs(widget.kind) ? widget.kind : chosen.as;
  return { ...widget, kind, question, target: chosen.target ?? widget.target };
}
