/** Several of a long list: chips of what is chosen, and a list to search for more. */

import { Combobox, type Choice } from './combobox.tsx';
import { Close } from './icons.tsx';

interface Props {
  /** What is chosen from: `Add a metric`. */
  readonly label: string;
  readonly nothing: string;
  readonly chosen: readonly string[];
  readonly choices: readonly Choice[];
  readonly most: number;
  readonly onChange: (chosen: readonly string[]) => void;
}

export function Chips({ label, nothing, chosen, choices, most, onChange }: Props) {
  const titles = new Map(choices.map((choice) => [choice.value, choice.label]));
  return (
    <div class="chips">
      {chosen.map((value) => (
        <span class="chip" key={value} data-value={value}>
          <bdi class="cut" title={value}>
            {titles.get(value) ?? value}
          </bdi>
          <button
            type="button"
            onClick={() => onChange(chosen.filter((one) => one !== value))}
            aria-label={`Take ${titles.get(value) ?? value} out`}
          >
            <Close />
          </button>
        </span>
      ))}
      {chosen.length < most && (
        <Combobox
          label={label}
          shown={label}
          choices={choices.filter(({ value }) => !chosen.includes(value))}
          nothing={nothing}
          onChoose={(value) => onChange([...chosen, value])}
        />
      )}
    </div>
  );
}
