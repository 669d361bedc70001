/** Where the explorer shows what a widget shows: the same question over the same days. Pure. */

import { chosenParameters } from '../pages/explore/chosen.ts';
import type { Frame } from '../question/question.ts';
import type { ShownAs } from '../question-form/kinds.ts';
import { chosenParameters as frameParameters } from '../state/frame.ts';
import { autoInterval } from '../time/range.ts';
import { daysOf } from '../time/words.ts';
import { askedBy, type Widget, type WidgetKind } from './widget.ts';

/** As what the explorer draws what a widget shows. */
export function shownAs(kind: WidgetKind): ShownAs {
  return kind === 'tile' || kind === 'text' || kind === 'sources' || kind === 'alerts' ? 'line' : kind;
}

/** Null for what asks nothing. `viewer`: the zone that the explorer takes when nobody says one. */
export function explorerAddress(widget: Widget, frame: Frame, viewer: string): string | null {
  const { kind, target } = widget;
  const question = askedBy(widget);
  if (!question) return null;
  const { metrics, groupBy, filter, top, transform } = question;
  const range = question.range ?? frame.range;
  const interval = question.interval ?? frame.interval;
  const parameters = {
    ...chosenParameters({ metrics, groupBy, filter, top, transform, as: shownAs(kind), target }),
    ...frameParameters({
      range,
      interval: interval === autoInterval(daysOf(range)) ? null : interval,
      zone: frame.zone === viewer ? null : frame.zone,
      compare: frame.compare ?? question.compare,
    }),
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value) query.set(name, value);
  return `/explore?${query.toString()}`;
}
