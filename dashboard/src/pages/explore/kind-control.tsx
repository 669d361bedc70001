/** As what the numbers are shown; what would mean nothing is off, with the reason. */

import { Segmented } from '../../ui/segmented.tsx';
import { KIND_NAMES } from '../../widgets/widget.ts';
import { type Shape, SHOWN_AS, type ShownAs, whyNot } from '../../question-form/kinds.ts';

interface Props {
  readonly as: ShownAs;
  readonly shape: Shape;
  readonly onChange: (as: ShownAs) => void;
}

export function KindControl({ as, shape, onChange }: Props) {
  const kinds = SHOWN_AS.map((value) => ({ value, why: whyNot(value, shape) }));
  const off = kinds.filter(({ why }) => why !== null);
  return (
    <div class="explore-kinds">
      <Segmented
        label="Shown as"
        options={kinds.map(({ value, why }) => ({
          value,
          label: KIND_NAMES[value],
          disabled: why !== null,
          ...(why ? { long: why } : {}),
        }))}
        value={as}
        onChange={onChange}
      />
      {off.length > 0 && (
        <details class="explore-why">
          <summary>Why {off.length === 1 ? 'one is' : `${off.length} are`} off</summary>
          <ul>
            {off.map(({ value, why }) => (
              <li key={value}>
                <strong>{KIND_NAMES[value]}.</strong> {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
