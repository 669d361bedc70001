/** How large a widget is. */

import { ChoiceField } from '../../ui/fields.tsx';
import type { Widget } from '../../widgets/widget.ts';
import { COLUMNS, MOST_ROWS } from './draft.ts';

interface Props {
  readonly widget: Widget;
  readonly onChange: (part: Partial<Widget>) => void;
}

const upTo = (most: number) =>
  Array.from({ length: most }, (_, index) => ({ value: String(index + 1), label: String(index + 1) }));
const WIDTHS = upTo(COLUMNS);
const HEIGHTS = upTo(MOST_ROWS);

export function WidgetSize({ widget, onChange }: Props) {
  return (
    <div class="form-row">
      <ChoiceField
        label="Width"
        hint="Columns of twelve."
        name="width"
        value={String(widget.width)}
        options={WIDTHS}
        onChoose={(width) => onChange({ width: Number(width) })}
      />
      <ChoiceField
        label="Height"
        hint="Rows."
        name="height"
        value={String(widget.height)}
        options={HEIGHTS}
        onChoose={(height) => onChange({ height: Number(height) })}
      />
    </div>
  );
}
