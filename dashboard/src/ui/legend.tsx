/** The legend: a button per column, which switches it off and on; its name whole in the title, cut in the view. */

import { BEFORE_DASH, colourOf, INK, strokeOf, type Theme } from '../charts/palette.ts';
import { figureShort } from '../question/figure.ts';
import { largestFirst } from '../question/ranking.ts';
import type { Column } from '../question/table.ts';
import { BarOutline, LineSwatch, Swatch } from './swatch.tsx';

interface Props {
  readonly columns: readonly Column[];
  /** Keys of columns that are switched off. */
  readonly hidden: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
  readonly theme: Theme;
  readonly language: string;
  readonly label: string;
  /** Columns are lines: each with its dash and its mark. */
  readonly lines?: boolean;
  /** As a ring has its parts. */
  readonly bySize?: boolean;
  /** What each column comes to. */
  readonly totals?: boolean;
  /** What the lighter lines, or the hollow bars, are. */
  readonly before?: { readonly name: string; readonly lines: boolean } | null;
}

const inOrder = (columns: readonly Column[]) => columns.map((column, index) => ({ column, index }));

export function Legend(props: Props) {
  const { columns, hidden, onToggle, theme, language, label, before = null } = props;
  const { lines = false, bySize = false, totals = true } = props;
  return (
    <ul class="legend" aria-label={label}>
      {(bySize ? largestFirst(columns) : inOrder(columns)).map(({ column, index }) => {
        const { key, name, group, metric, total } = column;
        const colour = colourOf(index, group.other, theme);
        return (
          <li key={key}>
            <button type="button" aria-pressed={!hidden.has(key)} title={name} onClick={() => onToggle(key)}>
              {lines ? (
                <LineSwatch colour={colour} stroke={strokeOf(group.other ? 0 : index)} />
              ) : (
                <Swatch colour={colour} />
              )}
              <bdi class="legend-name">{name}</bdi>
              {totals && <span class="legend-value">{figureShort(total.value, metric, language)}</span>}
            </button>
          </li>
        );
      })}
      {before && (
        <li class="legend-before">
          {before.lines ? (
            <LineSwatch colour={INK[theme].text} stroke={{ dash: BEFORE_DASH, marker: null }} />
          ) : (
            <BarOutline colour={INK[theme].text} />
          )}
          {before.name}
        </li>
      )}
    </ul>
  );
}
