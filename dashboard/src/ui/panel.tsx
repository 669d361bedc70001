import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly tools?: ComponentChildren;
  readonly busy?: boolean;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A part of the page with a heading, what to know about it, and its own switches. */
export function Panel({ title, note, tools, busy, class: name, children }: Props) {
  const id = useId();
  return (
    // A group and no landmark: a page of twenty landmarks has none.
    <div role="group" class={`panel ${name ?? ''}`} aria-labelledby={id} aria-busy={busy ?? false}>
      <header class="panel-head">
        <div class="panel-title">
          <h2 id={id} title={title}>
            <bdi class="cut-lines">{title}</bdi>
          </h2>
          {note && <p class="panel-note">{note}</p>}
        </div>
        {tools && <div class="panel-tools">{tools}</div>}
      </header>
      {children}
    </div>
  );
}
