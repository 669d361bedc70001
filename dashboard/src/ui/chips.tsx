/** Several of a long list: chips of what is chosen, in the order in which they were, and a list to search for more. */

import { Combobox, type Choice } from './combobox.tsx';
import { Close } from './icons.tsx';

interface Props {
  /** What is chosen from: `Add a metric`. */
  readonly label: string;
  readonly nothing: string;
  readonly chosen: readonly string[];
  readonly choices: readonly Choice[];
  /** Of one, the next takes the place of the last. */
  readonly most: number;
  /** Said where no more can be added. */
  readonly full?: string;
  readonly onChange: (chosen: readonly string[]) => void;
}

export function Chips({ label, nothing, chosen, choices, most, full, onChange }: Props) {
  const known = new Map(choices.map((choice) => [choice.value, choice]));
  return (
    <div class="chips">
      {chosen.map((value) => (
        <Chip
          key={value}
          value={value}
          choice={known.get(value)}
          onRemove={() => onChange(chosen.filter((one) => one !== value))}
        />
      ))}
      {chosen.length < most || most === 1 ? (
        <Combobox
          label={label}
          shown=""
          prompt={label}
          choices={choices.filter(({ value }) => !chosen.includes(value))}
          nothing={nothing}
          onChoose={(value) => onChange(most === 1 ? [value] : [...chosen, value])}
        />
      ) : (
        full && <span class="note">{full}</span>
      )}
    </div>
  );
}

interface ChipProps {
  readonly value: string;
  readonly choice: Choice | undefined;
  readonly onRemove: () => void;
}

function Chip({ value, choice, onRemove }: ChipProps) {
  const title = choice?.label ?? value;
  return (
    <span class="chip" data-value={value}>
      <bdi class="cut" title={choice?.tip ?? value}>
        {title}
      </bdi>
      {choice?.tag && <span class="tag">{choice.tag}</span>}
      <button type="button" onClick={onRemove} aria-label={`Take ${title} out`} title="Take it out">
        <Close />
      </button>
    </span>
  );
}
