/** The page for who is not signed in. Signing in leads back to the very address that it stands at. */

import { Logo, Warning } from '../ui/icons.tsx';
import { TokenForm } from './token-form.tsx';

interface Props {
  /** Whether the company has a user pool; else people paste API tokens. */
  readonly byPool: boolean;
  /** Why people are here again. */
  readonly reason: string | null;
  /** It was not meant to be so. */
  readonly wrong: boolean;
  readonly onSignIn: () => void;
  readonly onToken: (token: string) => void;
}

export function SignIn({ byPool, reason, wrong, onSignIn, onToken }: Props) {
  return (
    <main class="sign-in" id="content">
      <div class="panel">
        <Logo />
        <h1>Sign in to Headwater</h1>
        {reason && !wrong && <p role="status">{reason}</p>}
        {reason && wrong && (
          <p class="stale" role="alert">
            <Warning /> <bdi>{reason}</bdi>
          </p>
        )}
        {byPool ? (
          <>
            <button type="button" class="button primary" onClick={onSignIn}>
              Sign in
            </button>
            <p class="muted">You come back to this very page. Whoever looks after Headwater invites people.</p>
            <details>
              <summary>Use an API token instead</summary>
              <TokenForm onToken={onToken} beside />
            </details>
          </>
        ) : (
          <>
            <p class="muted">
              Paste an API token that may read. Whoever looks after Headwater makes one for you. It is kept until this
              tab is closed, and nowhere else.
            </p>
            <TokenForm onToken={onToken} />
          </>
        )}
      </div>
    </main>
  );
}

export function Waiting({ doing }: { readonly doing: string }) {
  return (
    <main class="sign-in" id="content">
      <p class="waiting" role="status">
        <Logo /> {doing}
      </p>
    </main>
  );
}
