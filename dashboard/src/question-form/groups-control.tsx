/** By what the numbers are cut: a button a dimension, in the order in which they were pressed. */

import { MOST_DIMENSIONS } from '../question/question.ts';
import { plain } from '../widgets/title.ts';
import { Control, type ControlProps, namesIn } from './control.tsx';

interface Props extends ControlProps {
  readonly label?: string;
  readonly chosen: readonly string[];
  /** Those that all the metrics have. */
  readonly dimensions: readonly string[];
  /** Said where there are none. */
  readonly none?: string;
  readonly onChange: (groupBy: readonly string[]) => void;
}

const NONE = 'These metrics have no dimension in common.';

export function GroupsControl({ label = 'Group by', chosen, dimensions, none = NONE, problem, onChange }: Props) {
  const full = chosen.length >= MOST_DIMENSIONS;
  const shown = [...dimensions, ...chosen.filter((name) => !dimensions.includes(name))];
  return (
    <Control
      label={label}
      parameter="group_by"
      problem={problem}
      text={chosen.join(',')}
      onCorrect={(text) => onChange(namesIn(text))}
    >
      <div class="ask-toggles">
        {shown.map((name) => {
          const pressed = chosen.includes(name);
          return (
            <button
              key={name}
              type="button"
              class="ask-toggle"
              aria-pressed={pressed}
              disabled={full && !pressed}
              title={full && !pressed ? `At most ${MOST_DIMENSIONS} at once` : undefined}
              onClick={() => onChange(pressed ? chosen.filter((one) => one !== name) : [...chosen, name])}
            >
              <bdi class="cut">{plain(name)}</bdi>
              {pressed && chosen.length > 1 && <span class="ask-order">{chosen.indexOf(name) + 1}</span>}
            </button>
          );
        })}
        {shown.length === 0 && <span class="note">{none}</span>}
      </div>
    </Control>
  );
}
