import { useState } from 'preact/hooks';
import { tokenProblem } from '../session.ts';
import { Logo } from '../ui/icons.tsx';

interface Props {
  /** Why people are here again: what the API said of their last token. */
  readonly reason: string | null;
  readonly onToken: (token: string) => void;
}

export function SignIn({ reason, onToken }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget as HTMLFormElement).get('token');
    const token = typeof entered === 'string' ? entered.trim() : '';
    const wrong = tokenProblem(token);
    setProblem(wrong);
    if (!wrong) onToken(token);
  };
  const message = problem ?? reason;
  return (
    <main class="sign-in">
      <form class="panel" onSubmit={submit} noValidate>
        <Logo />
        <h1>Sign in to Headwater</h1>
        <p class="muted">
          Paste an API token that may read. Whoever looks after Headwater makes one for you. It is kept until this tab
          is closed, and nowhere else.
        </p>
        {message && (
          <p class="stale" role="alert" id="sign-in-problem">
            {problem ?? `The API refused the token: ${reason}`}
          </p>
        )}
        <label for="token">API token</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="off"
          spellcheck={false}
          aria-invalid={message !== null}
          aria-describedby={message ? 'sign-in-problem' : undefined}
        />
        <button type="submit" class="button primary">
          Sign in
        </button>
      </form>
    </main>
  );
}
