/** The legend: a button per column, which switches it off and on; its name whole in the title, cut in the view. */

import { colourOf, type Theme } from '../charts/palette.ts';
import { figureShort } from '../question/figure.ts';
import type { Column } from '../question/table.ts';
import { Swatch } from './swatch.tsx';

interface Props {
  readonly columns: readonly Column[];
  /** Keys of columns that are switched off. */
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
  readonly theme: Theme;
  readonly language: string;
  readonly label: string;
}

export function Legend({ columns, hidden, onToggle, theme, language, label }: Props) {
  return (
    <ul class="legend" aria-label={label}>
      {columns.map(({ key, name, group, metric, total }, index) => (
        <li key={key}>
          <button type="button" aria-pressed={!hidden.has(key)} title={name} onClick={() => onToggle(key)}>
            <Swatch colour={colourOf(index, group.other, theme)} />
            <bdi class="legend-name">{name}</bdi>
            <span class="legend-value">{figureShort(total.value, metric, language)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
