/** The session ended while somebody was at work. The page stays as it is, and what it asked or was about to save goes on by
 * itself once they are in again. */

import { useId, useRef } from 'preact/hooks';
import { useModal } from '../ui/modal.ts';
import { TokenForm } from './token-form.tsx';

interface Props {
  readonly byPool: boolean;
  readonly reason: string;
  readonly onToken: (token: string) => void;
  readonly onLeave: () => void;
}

export function Lapsed({ byPool, reason, onToken, onLeave }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useModal(box);
  return (
    <dialog ref={box} class="dialog" aria-labelledby={id} onCancel={(event) => event.preventDefault()}>
      <div class="dialog-box">
        <header>
          <h2 id={id}>Your session is over</h2>
        </header>
        <p>
          <bdi>{reason}</bdi> Nothing on this page is lost: it goes on where it was as soon as you are signed in again.
        </p>
        {!byPool && <TokenForm onToken={onToken} />}
        <div class="buttons">
          {byPool && (
            // Another tab, so that this one keeps what is on it; it hears of the session by itself.
            <a class="button primary" href="/" target="_blank" rel="noopener">
              Sign in again in a new tab
            </a>
          )}
          <button type="button" class="button" onClick={onLeave}>
            Sign out
          </button>
        </div>
      </div>
    </dialog>
  );
}
