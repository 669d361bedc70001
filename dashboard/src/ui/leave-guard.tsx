/** Ask before a page is left whose changes would be lost. */

import { useLocation } from 'preact-iso';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';

interface Props {
  /** Whether there is something to lose, at the time that somebody leaves. */
  readonly live: RefObject<boolean>;
  readonly children: string;
}

export function LeaveGuard({ live, children }: Props) {
  const { route } = useLocation();
  const [to, setTo] = useState<string | null>(null);
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
      if (!live.current || !plain || !link || link.target === '_blank' || link.hasAttribute('download')) return;
      const { origin, pathname, search } = new URL(link.href);
      if (origin !== location.origin || pathname === location.pathname) return;
      event.preventDefault();
      event.stopPropagation();
      setTo(pathname + search);
    };
    const onUnload = (event: BeforeUnloadEvent) => {
      if (live.current) event.preventDefault();
    };
    document.addEventListener('click', onClick, true);
    addEventListener('beforeunload', onUnload);
    return () => {
      document.removeEventListener('click', onClick, true);
      removeEventListener('beforeunload', onUnload);
    };
  }, [live]);
  if (to === null) return null;
  return (
    <Dialog title="Leave without saving?" onClose={() => setTo(null)}>
      <p>{children}</p>
      <div class="buttons">
        <button type="button" class="button danger" onClick={() => route(to)}>
          Leave
        </button>
        <button type="button" class="button" onClick={() => setTo(null)}>
          Stay here
        </button>
      </div>
    </Dialog>
  );
}
