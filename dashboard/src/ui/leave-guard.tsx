/** Ask before what is typed is lost: by a link, by Back and Forward, by signing out, by closing a dialog or the tab. */

import { useLocation } from 'preact-iso';
import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { OURS } from '../state/address.ts';
import { Dialog } from './dialog.tsx';
import { comeBack, goOn, place } from './history.ts';
import { type Asking, goesBy, type Leaving, LeavingContext, type Typed } from './unsaved.ts';

interface Asked extends Asking {
  readonly words: string;
  readonly go: () => void;
}

const LEAVE: Asking = { title: 'Leave without saving?', action: 'Leave' };

export function LeaveGuard({ children }: { readonly children: ComponentChildren }) {
  const { url, route } = useLocation();
  const [asked, setAsked] = useState<Asked | null>(null);
  const leaving = useLeavingOf(setAsked);
  const home = useRef(place());
  const passing = useRef(false);
  const routing = useRef(route);
  routing.current = route;
  useLayoutEffect(() => {
    home.current = place();
  }, [url]);

  // Once, and with the layout: the router above listens after that, and does not hear of a step that is not taken.
  useLayoutEffect(() => {
    const onClick = (event: MouseEvent) => {
      const to = addressOf(event);
      if (!to || !leaving.isHeld((one) => goesBy(one, home.current.url, to))) return;
      event.preventDefault();
      event.stopPropagation();
      leaving.go(
        () => routing.current(to.pathname + to.search + to.hash),
        (one) => goesBy(one, home.current.url, to),
      );
    };
    // The browser is there already, the page is not. Both stay together: the browser comes back, and only then leaves.
    const onPop = (event: PopStateEvent) => {
      const to = place();
      const isLost = (one: Typed) => goesBy(one, home.current.url, to.url);
      if (passing.current || !leaving.isHeld(isLost)) {
        passing.current = false;
        home.current = to;
        return;
      }
      event.stopImmediatePropagation();
      comeBack(home.current);
      leaving.go(() => {
        passing.current = true;
        goOn(to).catch(() => (passing.current = false));
      }, isLost);
    };
    const onUnload = (event: BeforeUnloadEvent) => {
      if (leaving.isHeld(() => true)) event.preventDefault();
    };
    document.addEventListener('click', onClick, true);
    addEventListener('popstate', onPop);
    addEventListener('beforeunload', onUnload);
    return () => {
      document.removeEventListener('click', onClick, true);
      removeEventListener('popstate', onPop);
      removeEventListener('beforeunload', onUnload);
    };
  }, [leaving]);

  return (
    <LeavingContext.Provider value={leaving}>
      {children}
      {asked && (
        <Dialog title={asked.title} onClose={() => setAsked(null)}>
          <p>{asked.words}</p>
          <div class="buttons">
            <button
              type="button"
              class="button danger"
              onClick={() => {
                setAsked(null);
                asked.go();
              }}
            >
              {asked.action}
            </button>
            <button type="button" class="button" autofocus onClick={() => setAsked(null)}>
              Stay here
            </button>
          </div>
        </Dialog>
      )}
    </LeavingContext.Provider>
  );
}

interface Held extends Leaving {
  readonly isHeld: (isLost: (one: Typed) => boolean) => boolean;
}

/** Everything that is held on the page, and the question that stands before it. */
function useLeavingOf(ask: (asked: Asked) => void): Held {
  return useMemo(() => {
    const held = new Set<RefObject<Typed>>();
    const lost = (isLost: (one: Typed) => boolean) =>
      [...held].filter(({ current }) => current.changed && isLost(current));
    return {
      hold: (one) => {
        held.add(one);
        return () => held.delete(one);
      },
      isHeld: (isLost) => lost(isLost).length > 0,
      go: (go, isLost, asking = LEAVE) => {
        const [first] = lost(isLost);
        if (!first) {
          go();
          return;
        }
        const letGo = () => {
          for (const one of lost(isLost)) held.delete(one); // they were asked about: once is enough
          go();
        };
        ask({ ...asking, words: first.current.words, go: letGo });
      },
    };
  }, [ask]);
}

/** Where a click leads within this site; null where the browser goes itself, and asks itself. */
function addressOf(event: MouseEvent): URL | null {
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
  if (!plain || !link || link.target === '_blank' || link.hasAttribute('download')) return null;
  const to = new URL(link.href);
  return to.origin === location.origin && OURS.test(to.pathname) ? to : null;
}
