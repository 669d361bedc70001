/** The head of a column by which a table can be ordered: a press orders by it, another turns the order. */

import type { ComponentChildren } from 'preact';

interface Props {
  /** How the table stands by this column; null: by another, or by none. */
  readonly order: 'up' | 'down' | null;
  readonly onOrder: () => void;
  readonly class?: string | undefined;
  readonly children: ComponentChildren;
}

const SAID = { up: 'ascending', down: 'descending' } as const;
const ARROWS = { up: ' ↑', down: ' ↓' };

export function SortHead({ order, onOrder, class: look, children }: Props) {
  return (
    <th scope="col" class={look} aria-sort={order ? SAID[order] : 'none'}>
      <button type="button" class="link plain" onClick={onOrder}>
        {children}
        <span aria-hidden="true">{order ? ARROWS[order] : ''}</span>
      </button>
    </th>
  );
}
