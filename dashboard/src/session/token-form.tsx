import { useState } from 'preact/hooks';
import { Field } from '../ui/form.tsx';
import { tokenProblem } from './session.ts';

interface Props {
  readonly onToken: (token: string) => void;
}

export function TokenForm({ onToken }: Props) {
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
      <button type="submit" class="button primary">
        Sign in
      </button>
    </form>
  );
}
