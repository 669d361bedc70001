/** Keep a statement: as a new query, over the one that is open, or away with it. */

import { useLocation } from 'preact-iso';
import { useRef, useState } from 'preact/hooks';
import { object, text } from '../../api/json.ts';
import { useAction } from '../../api/query.ts';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { Field, FormProblem, problemOf } from '../../ui/form.tsx';
import { useTell } from '../../ui/notices.tsx';
import { readValue, type Saved } from './statement.ts';

interface Props {
  readonly saved: Saved | null;
  readonly etag: string | null;
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

function SaveForm({ saved, etag, sql, names, values, over, onDone }: Props & { over: boolean; onDone: () => void }) {
  const tell = useTell();
  const { route } = useLocation();
  const [name, setName] = useState(saved?.name ?? '');
  const [description, setDescription] = useState(saved?.description ?? '');
  const key = useRef<string>(crypto.randomUUID());
  const saving = useAction(
    async (client) => {
      const body = { name, description, sql, parameters: parametersOf(saved, names, values) };
      if (over && saved) {
        await client.change({ method: 'PUT', path: pathOf(saved.id), body, ifMatch: etag });
        return;
      }
      const reply = await client.change({ method: 'POST', path: '/v1/sql/saved', body, idempotencyKey: key.current });
      route(`/sql/${encodeURIComponent(text(object(reply.json).id))}`);
    },
    ['/v1/sql/saved'],
  );
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(await saving.run())) {
      key.current = crypto.randomUUID();
      return;
    }
    tell('Saved: everybody who may run SQL finds it.');
    onDone();
  };
  return (
    <form class="form" onSubmit={(event) => void submit(event)} noValidate>
      <Field label="Name" problem={problemOf(saving.problem, 'name')}>
        {(control) => <input {...control} type="text" value={name} onInput={(e) => setName(e.currentTarget.value)} />}
      </Field>
      <Field label="What it answers" problem={problemOf(saving.problem, 'description')}>
        {(control) => (
          <textarea {...control} value={description} onInput={(e) => setDescription(e.currentTarget.value)} />
        )}
      </Field>
      <FormProblem problem={saving.problem} shown={['name', 'description']} />
      <div class="buttons">
        <button type="submit" class="button primary" disabled={saving.busy}>
          Save
        </button>
        <button type="button" class="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
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
  const tell = useTell();
  const { route } = useLocation();
  const deleting = useAction(
    (client) => client.change({ method: 'DELETE', path: pathOf(saved.id), ifMatch: etag }),
    ['/v1/sql/saved'],
  );
  const confirm = async () => {
    if (!(await deleting.run())) return;
    tell(`${saved.name} is deleted.`);
    route('/sql');
  };
  return (
    <Confirm
      title="Delete this query?"
      action="Delete it"
      busy={deleting.busy}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>
        <bdi>{saved.name}</bdi> is gone for everybody. Reports that were made of it keep what they ask.
      </p>
      <FormProblem problem={deleting.problem} />
    </Confirm>
  );
}
