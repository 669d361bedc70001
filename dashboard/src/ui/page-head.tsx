/** The head of a page: its name, a sentence, and what can be done with all of it. Names the browser's tab too. */

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

export interface Back {
  readonly href: string;
  readonly label: string;
}

interface Props {
  readonly title: string;
  /** The list that this is one of. */
  readonly back?: Back | undefined;
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
}

export function PageHead({ title, back, note, actions }: Props) {
  useEffect(() => {
    document.title = `${title} · Headwater`;
  }, [title]);
  return (
    <header class="page-head">
      <div>
        {back && (
          <p class="way-back">
            <a href={back.href}>{back.label}</a>
          </p>
        )}
        <h1>
          <bdi class="cut-lines">{title}</bdi>
        </h1>
        {note && <p class="muted">{note}</p>}
      </div>
      {actions && <div class="buttons">{actions}</div>}
    </header>
  );
}
