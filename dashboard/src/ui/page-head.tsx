/** The head of a page: its name, a sentence, and what can be done with all of it. Names the browser's tab too. */

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

interface Props {
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
}

export function PageHead({ title, note, actions }: Props) {
  useEffect(() => {
    document.title = `${title} · Headwater`;
  }, [title]);
  return (
    <header class="page-head">
      <div>
        <h1>
          <bdi class="cut-lines">{title}</bdi>
        </h1>
        {note && <p class="muted">{note}</p>}
      </div>
      {actions && <div class="buttons">{actions}</div>}
    </header>
  );
}
