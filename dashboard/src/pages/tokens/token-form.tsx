/** Make a token; it is shown once. */

import { useState } from 'preact/hooks';
import { object, text } from '../../api/json.ts';
import { useOnce } from '../../api/once.ts';
import { usePage } from '../../shell/page.ts';
import { addDays, dateIn, startOfDay } from '../../time/zones.ts';
import { EditForm } from '../../ui/edit-form.tsx';
import { Field, problemOf } from '../../ui/form.tsx';
import { Secret } from '../../ui/secret.tsx';
import { useSending } from '../../ui/sending.ts';
import { SCOPE_WORDS, SCOPES, type Scope } from './token.ts';

export function TokenForm({ onDone }: { readonly onDone: () => void }) {
  const { locale, now } = usePage();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [scope, setScope] = useState<Scope>('read');
  const [through, setThrough] = useState('');
  const [made, setMade] = useState<string | null>(null);
  const post = useOnce();
  const making = useSending(
    async (client) => {
      // Good through the day that is named, in the viewer's zone.
      const until = through ? startOfDay(locale.zone, addDays(through, 1)).toISOString() : null;
      const body = { name, description, scope, expires_at: until };
      const reply = await post(client, '/v1/tokens', body);
      setMade(text(object(reply.json).token));
    },
    ['/v1/tokens'],
  );
  if (made) return <Secret label={`The token of ${name}`} value={made} openedBy="new" onDone={onDone} />;
  return (
    <EditForm
      sending={making}
      given={[name, description, scope, through]}
      shown={['name', 'description', 'scope', 'expires_at']}
      action="Make it"
      openedBy="new"
      onCancel={onDone}
    >
      <Field label="Name" hint="The program that uses it." problem={problemOf(making.problem, 'name')}>
        {(control) => <input {...control} type="text" value={name} onInput={(e) => setName(e.currentTarget.value)} />}
      </Field>
      <Field label="What it is for" problem={problemOf(making.problem, 'description')}>
        {(control) => (
          <input
            {...control}
            type="text"
            value={description}
            onInput={(event) => setDescription(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="It may" problem={problemOf(making.problem, 'scope')}>
        {(control) => (
          <select {...control} value={scope} onChange={(event) => setScope(event.currentTarget.value as Scope)}>
            {SCOPES.map((one) => (
              <option key={one} value={one}>
                {SCOPE_WORDS[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label="Good through"
        hint="Left empty, it is good until it is revoked."
        problem={problemOf(making.problem, 'expires_at')}
      >
        {(control) => (
          <input
            {...control}
            type="date"
            min={dateIn(locale.zone, now)}
            value={through}
            onInput={(event) => setThrough(event.currentTarget.value)}
          />
        )}
      </Field>
    </EditForm>
  );
}
