/** The grid while it is edited: widgets are moved and resized by mouse, finger and keyboard. */

import { useRef } from 'preact/hooks';
import type { FieldError } from '../../api/client.ts';
import type { Frame } from '../../question/question.ts';
import { Corner, Grip, More, Pencil } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';
import { titleOf } from '../../widgets/title.ts';
import { KIND_NAMES, type Widget } from '../../widgets/widget.ts';
import { WidgetView } from '../../widgets/widget-view.tsx';
import { sizeAfter, useArranging } from './arranging.ts';
import { COLUMNS, MOST_ROWS, type Step } from './draft.ts';
import type { Faults } from './faults.ts';

interface Props {
  readonly widgets: readonly Widget[];
  readonly frame: Frame;
  readonly faults: Faults;
  readonly act: (step: Step) => void;
  readonly onEdit: (widget: Widget) => void;
  readonly say: (words: string) => void;
}

export const nameOf = (widget: Widget): string => titleOf(widget, null) || KIND_NAMES[widget.kind];

export function EditBoard({ widgets, frame, faults, act, onEdit, say }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const arranging = useArranging(grid, widgets, act, say);
  const { shown, grabbed, drop } = arranging;
  return (
    <div class="board-box">
      <div class="board editing" ref={grid}>
        {shown.map((widget, index) => (
          <Cell
            key={widget.id}
            widget={widget}
            place={[index + 1, shown.length]}
            frame={frame}
            faults={faults.get(widget.id) ?? NO_FAULTS}
            arranging={arranging}
            grabbed={grabbed === widget.id}
            mark={drop?.at === widget.id ? (drop.after ? 'drop-after' : 'drop-before') : ''}
            act={act}
            onEdit={onEdit}
            say={say}
          />
        ))}
      </div>
    </div>
  );
}

const NO_FAULTS: readonly FieldError[] = [];

interface CellProps {
  readonly widget: Widget;
  readonly place: readonly [number, number];
  readonly frame: Frame;
  readonly faults: readonly FieldError[];
  readonly arranging: ReturnType<typeof useArranging>;
  readonly grabbed: boolean;
  readonly mark: string;
  readonly act: Props['act'];
  readonly onEdit: Props['onEdit'];
  readonly say: Props['say'];
}

function Cell({ widget, place, frame, faults, arranging, grabbed, mark, act, onEdit, say }: CellProps) {
  const { id, width, height, kind } = widget;
  const name = nameOf(widget);
  const [at, of] = place;
  const remove = () => {
    say(`Removed ${name}. Undo brings it back.`);
    arranging.focusAfterRemoving(id);
    act({ do: 'remove', id });
  };
  const resizeBy = (columns: number, rows: number) => {
    act({ do: 'resize', id, width: width + columns, height: height + rows });
    const [now, rise] = sizeAfter(widget, columns, rows);
    say(`${name}: ${now} of ${COLUMNS} columns, ${rise} ${rise === 1 ? 'row' : 'rows'}.`);
  };
  return (
    <div
      data-cell={id}
      class={`board-cell w${width} h${height} kind-${kind} ${grabbed ? 'grabbed' : ''} ${mark} ${faults.length > 0 ? 'faulty' : ''}`}
    >
      <div class="cell-widget" inert>
        <WidgetView widget={widget} frame={frame} />
      </div>
      <div class="cell-tools" role="group" aria-label={name}>
        <button
          type="button"
          id={`grip-${id}`}
          class="icon-button grip"
          aria-pressed={grabbed}
          aria-label={`Move ${name}, ${at} of ${of}`}
          title="Drag to move; or Space, then the arrow keys"
          onKeyDown={(event) => arranging.onGripKey(event, id)}
          onPointerDown={(event) => arranging.onGripDown(event, id)}
        >
          <Grip />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={`Change ${name}`}
          title="Change"
          onClick={() => onEdit(widget)}
        >
          <Pencil />
        </button>
        <Menu
          label={`More for ${name}`}
          icon={<More />}
          items={[
            { label: 'Duplicate', onSelect: () => act({ do: 'duplicate', id }) },
            { label: 'To the front', disabled: at === 1, onSelect: () => act({ do: 'move', id, to: 0 }) },
            { label: 'To the end', disabled: at === of, onSelect: () => act({ do: 'move', id, to: of - 1 }) },
            { label: 'Wider', disabled: width === COLUMNS, onSelect: () => resizeBy(1, 0) },
            { label: 'Narrower', disabled: width === 1, onSelect: () => resizeBy(-1, 0) },
            { label: 'Higher', disabled: height === MOST_ROWS, onSelect: () => resizeBy(0, 1) },
            { label: 'Lower', disabled: height === 1, onSelect: () => resizeBy(0, -1) },
            { label: 'Remove', onSelect: remove },
          ]}
        />
      </div>
      {faults.length > 0 && (
        <div class="cell-faults" role="alert">
          {faults.map(({ parameter, detail }) => (
            <p key={parameter + detail}>
              <code>{parameter}</code>: {detail}
            </p>
          ))}
        </div>
      )}
      <button
        type="button"
        class="corner"
        aria-label={`Resize ${name}: ${width} of ${COLUMNS} columns, ${height} rows`}
        title="Drag to resize; or the arrow keys"
        onKeyDown={(event) => {
          const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
          if (!by) return;
          event.preventDefault();
          resizeBy(by[0] as number, by[1] as number);
        }}
        onPointerDown={(event) => arranging.onCornerDown(event, id)}
      >
        <Corner />
      </button>
    </div>
  );
}
