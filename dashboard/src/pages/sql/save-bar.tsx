/** Keep a statement: as a new query, over the one that is open, or away with it. */

import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import type { Reply } from '../../api/client.ts';
import { object, text } from '../../api/json.ts';
import { useOnce } from '../../api/once.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EditForm } from '../../ui/edit-form.tsx';
import { Field, problemOf } from '../../ui/form.tsx';
import { useSending } from '../../ui/sending.ts';
import { readValue, type Saved } from './statement.ts';

interface Props {
  readonly saved: Saved | null;
  readonly etag: string | null;
  /** Go on with what stands there now: what one has saved, or somebody else. */
  readonly onNewest: (newest: Reply) => void;
  readonly sql: string;
  readonly names: readonly string[];
  readonly values: readonly string[];
}

type Asked = 'save' | 'change' | 'delete' | null;

export function SaveBar(props: Props) {
  const { saved } = props;
  const [asked, setAsked] = useState<Asked>(null);
  const own = saved && !saved.shipped;
  return (
    <>
      {own && (
        <button type="button" class="button" onClick={() => setAsked('change')}>
          Save…
        </button>
      )}
      <button type="button" class="button" onClick={() => setAsked('save')}>
        {saved ? 'Save a copy…' : 'Save…'}
      </button>
      {own && (
        <button type="button" class="button danger" onClick={() => setAsked('delete')}>
          Delete…
        </button>
      )}
      {(asked === 'save' || asked === 'change') && (
        <Dialog title={asked === 'change' ? 'Save the query' : 'Save a new query'} onClose={() => setAsked(null)}>
          <SaveForm {...props} over={asked === 'change'} onDone={() => setAsked(null)} />
        </Dialog>
      )}
      {asked === 'delete' && saved && <Delete saved={saved} etag={props.etag} onClose={() => setAsked(null)} />}
    </>
  );
}

interface FormProps extends Props {
  readonly over: boolean;
  readonly onDone: () => void;
}

function SaveForm({ saved, etag, onNewest, sql, names, values, over, onDone }: FormProps) {
  const { route } = useLocation();
  const [name, setName] = useState(saved?.name ?? '');
  const [description, setDescription] = useState(saved?.description ?? '');
  const post = useOnce();
  const changed = over ? saved : null;
  const saving = useSending(
    async (client, version?: string | null) => {
      const body = { name, description, sql, parameters: parametersOf(saved, names, values) };
      if (changed) {
        onNewest(await client.change({ method: 'PUT', path: pathOf(changed.id), body, ifMatch: version ?? etag }));
        return;
      }
      const reply = await post(client, '/v1/sql/saved', body);
      route(`/sql/${encodeURIComponent(text(object(reply.json).id))}`);
    },
    ['/v1/sql/saved'],
    { said: 'Saved: everybody who may run SQL finds it.', then: onDone },
  );
  const meanwhile = changed && {
    path: pathOf(changed.id),
    what: 'this query',
    onTake: (newest: Reply) => {
      onNewest(newest);
      onDone();
    },
    onKeep: saving.send,
  };
  return (
    <EditForm
      sending={saving}
      given={[name, description]}
      shown={['name', 'description']}
      action="Save"
      meanwhile={meanwhile}
      onCancel={onDone}
    >
      <Field label="Name" problem={problemOf(saving.problem, 'name')}>
        {(control) => <input {...control} type="text" value={name} onInput={(e) => setName(e.currentTarget.value)} />}
      </Field>
      <Field label="What it answers" problem={problemOf(saving.problem, 'description')}>
        {(control) => (
          <textarea {...control} value={description} onInput={(e) => setDescription(e.currentTarget.value)} />
        )}
      </Field>
    </EditForm>
  );
}

const pathOf = (id: string) => `/v1/sql/saved/${encodeURIComponent(id)}`;

/** A parameter for each question mark, with what was typed as its example. */
function parametersOf(saved: Saved | null, names: readonly string[], values: readonly string[]) {
  return names.map((name, at) => ({
    name: saved?.marks[at] ?? `value_${at + 1}`,
    description: saved?.parameters.find((one) => one.name === name)?.description ?? name,
    example: readValue(values[at] ?? ''),
  }));
}

interface DeleteProps {
  readonly saved: Saved;
  readonly etag: string | null;
  readonly onClose: () => void;
}

function Delete({ saved, etag, onClose }: DeleteProps) {
  const { route } = useLocation();
  return (
    <Confirm
      title="Delete this query?"
      action="Delete it"
      act={(client) => client.change({ method: 'DELETE', path: pathOf(saved.id), ifMatch: etag })}
      changes={['/v1/sql/saved']}
      said={`${saved.name} is deleted.`}
      onDone={() => route('/sql')}
      onClose={onClose}
    >
      <p>
        <bdi>{saved.name}</bdi> is gone for everybody. Reports that were made of it keep what they ask.
      </p>
    </Confirm>
  );
}
