/** A modal dialog: the browser's own, which keeps the focus inside, closes by Escape and gives the focus back. Where a
 * form in it has something to lose, Escape, the cross and a click beside it ask first. */

import type { ComponentChildren } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { Close } from './icons.tsx';
import { useModal } from './modal.ts';
import { type Asking, DialogContext, useLeaving } from './unsaved.ts';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

const FIRST_FIELD = 'form :is(input:not([type=radio]), input:checked, select, textarea):enabled';

/** A form begins with its first field, not with the cross; what asks for the focus itself has it already. */
function beginWithField(dialog: HTMLDialogElement): void {
  if (!dialog.querySelector('[autofocus]')) dialog.querySelector<HTMLElement>(FIRST_FIELD)?.focus();
}

const CLOSE: Asking = { title: 'Close without saving?', action: 'Throw it away' };

export function Dialog({ title, onClose, wide, children }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const pressed = useRef<EventTarget | null>(null);
  const id = useId();
  const [self] = useState(() => ({}));
  const leaving = useLeaving();
  const close = () => leaving.go(onClose, ({ dialog }) => dialog === self, CLOSE);
  useModal(box, beginWithField);
  return (
    <dialog
      ref={box}
      class={`dialog ${wide ? 'wide' : ''}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault(); // the page decides what is shown
        close();
      }}
      // Both ends of a click are beside it: not a text that is selected past the edge.
      onPointerDown={(event) => {
        pressed.current = event.target;
      }}
      onClick={(event) => event.target === box.current && pressed.current === box.current && close()}
    >
      <div class="dialog-box">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" class="icon-button" onClick={close} aria-label="Close">
            <Close />
          </button>
        </header>
        <DialogContext.Provider value={self}>{children}</DialogContext.Provider>
      </div>
    </dialog>
  );
}
