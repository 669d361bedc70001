/** As what a widget is shown: each kind by its picture and its name. */

import { KindPicture } from '../../widgets/kind-picture.tsx';
import { KIND_NAMES, WIDGET_KINDS, type WidgetKind } from '../../widgets/widget.ts';

interface Props {
  readonly kind: WidgetKind;
  readonly onChoose: (kind: WidgetKind) => void;
}

export function KindChooser({ kind, onChoose }: Props) {
  return (
    <fieldset class="kinds">
      <legend>Shown as</legend>
      <div>
        {WIDGET_KINDS.map((one) => (
          <label key={one}>
            <input
              class="unseen"
              type="radio"
              name="kind"
              value={one}
              checked={one === kind}
              onChange={() => onChoose(one)}
            />
            <span>
              <KindPicture kind={one} />
              {KIND_NAMES[one]}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
