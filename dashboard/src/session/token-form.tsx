import { useState } from 'preact/hooks';
import { Field } from '../ui/form.tsx';
import { tokenProblem } from './session.ts';

interface Props {
  readonly onToken: (token: string) => void;
  /** Another way in stands beside it. */
  readonly beside?: boolean;
}

export function TokenForm({ onToken, beside = false }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget as HTMLFormElement).get('token');
    const token = typeof entered === 'string' ? entered.trim() : '';
    const wrong = tokenProblem(token);
    setProblem(wrong);
    if (!wrong) onToken(token);
  };
  return (
    <form class="token-form" onSubmit={submit} noValidate>
      <Field label="API token" problem={problem}>
        {(control) => <input {...control} name="token" type="password" autocomplete="off" spellcheck={false} />}
      </Field>
      <button type="submit" class={beside ? 'button' : 'button primary'}>
        {beside ? 'Use this token' : 'Sign in'}
      </button>
    </form>
  );
}
