/** What is typed and not kept yet: each form says so itself, and whoever would lose it is asked first (leave-guard.tsx). */

import { createContext, type RefObject } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';

export interface Typed {
  readonly changed: boolean;
  /** What leaving means for it. */
  readonly words: string;
  /** The parameter of the address that opens the form; null where the page is the form, or a button opens it. */
  readonly openedBy: string | null;
  /** The dialog that it stands in. */
  readonly dialog: object | null;
}

/** What somebody is asked before they lose something. */
export interface Asking {
  readonly title: string;
  readonly action: string;
}

export interface Leaving {
  /** Say what would be lost; answers how to take it back. */
  readonly hold: (one: RefObject<Typed>) => () => void;
  /** Go: at once, or after a yes where something would be lost. */
  readonly go: (go: () => void, isLost: (one: Typed) => boolean, asking?: Asking) => void;
}

export const LeavingContext = createContext<Leaving>({ hold: () => () => undefined, go: (go) => go() });
export const DialogContext = createContext<object | null>(null);

export const useLeaving = (): Leaving => useContext(LeavingContext);

const LOST = 'What you typed is not saved, and is lost.';

/** Hold the page, and the dialog around, while there is something to lose. */
export function useUnsaved(changed: boolean, openedBy?: string | null, words = LOST): void {
  const { hold } = useLeaving();
  const dialog = useContext(DialogContext);
  const one = useRef<Typed>({ changed, words, openedBy: openedBy ?? null, dialog });
  one.current = { changed, words, openedBy: openedBy ?? null, dialog };
  useEffect(() => hold(one), [hold]);
}

/** The same, for a form whose dialog is its own. */
export function Unsaved({ changed }: { readonly changed: boolean }): null {
  useUnsaved(changed);
  return null;
}

/** Whether what was typed is anything else than what the form began with. */
export function useChanged(given: unknown): boolean {
  const said = JSON.stringify(given);
  const [first] = useState(said);
  return said !== first;
}

/** Whether a form goes by another address. The page's own parameters lose nothing, but for the one that opens the form. */
export function goesBy({ openedBy }: Pick<Typed, 'openedBy'>, from: URL, to: URL): boolean {
  if (from.pathname !== to.pathname) return true;
  return openedBy !== null && from.searchParams.get(openedBy) !== to.searchParams.get(openedBy);
}
