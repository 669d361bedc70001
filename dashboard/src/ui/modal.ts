/** A dialog that is modal for as long as it is drawn. */

import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** The browser's own dialog keeps the focus inside; whoever had it before gets it back. `opened` has to be the same
 * function from one call to the next. */
export function useModal(box: RefObject<HTMLDialogElement | null>, opened?: (dialog: HTMLDialogElement) => void): void {
  // Before it is seen: the next key is the dialog's.
  useLayoutEffect(() => {
    const dialog = box.current;
    if (!dialog) return;
    const before = document.activeElement;
    dialog.showModal();
    opened?.(dialog);
    return () => {
      dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, [box, opened]);
}
