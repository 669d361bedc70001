/** The grid of widgets, to read. */

import type { Frame } from '../../question/question.ts';
import type { Widget } from '../../widgets/widget.ts';
import { WidgetView } from '../../widgets/widget-view.tsx';

interface Props {
  readonly widgets: readonly Widget[];
  readonly frame: Frame;
  readonly mayEdit: boolean;
}

export function Board({ widgets, frame, mayEdit }: Props) {
  if (widgets.length === 0)
    return (
      <div class="panel empty-board">
        <p class="state-title">Nothing is on it yet</p>
        <p class="muted">{mayEdit ? 'Edit it to add the first widget.' : 'Its owner has not put anything on it.'}</p>
      </div>
    );
  return (
    <div class="board-box">
      <div class="board">
        {widgets.map((widget) => (
          <div key={widget.id} class={`board-cell w${widget.width} h${widget.height} kind-${widget.kind}`}>
            <WidgetView widget={widget} frame={frame} />
          </div>
        ))}
      </div>
    </div>
  );
}
