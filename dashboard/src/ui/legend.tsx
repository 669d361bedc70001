/** The legend: a button per column, which switches it off and on; its name whole in the title, cut in the view. */

import { colourOf, type Theme } from '../charts/palette.ts';
import type { Column } from '../charts/table.ts';
import { number } from '../time/format.ts';
import { Swatch } from './swatch.tsx';

interface Props {
  readonly columns: readonly Column[];
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (name: string) => void;
  readonly theme: Theme;
  readonly language: string;
  readonly label: string;
}

export function Legend({ columns, hidden, onToggle, theme, language, label }: Props) {
  return (
    <ul class="legend" aria-label={label}>
      {columns.map((column, index) => (
        <li key={column.name}>
          <button
            type="button"
            aria-pressed={!hidden.has(column.name)}
            title={column.name}
            onClick={() => onToggle(column.name)}
          >
            <Swatch colour={colourOf(index, column.groups > 1, theme)} />
            <bdi class="legend-name">{column.name}</bdi>
            <span class="legend-value">{column.summary === null ? '–' : number(column.summary, language)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
