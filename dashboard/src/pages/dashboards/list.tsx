/** Every dashboard: one's own, the company's, and those that come with Headwater. */

import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useApi, useQuery } from '../../api/query.ts';
import { versionSeen } from '../../api/standing.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { instant } from '../../time/format.ts';
import { DEFAULT_RANGE } from '../../time/words.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EditForm } from '../../ui/edit-form.tsx';
import { Field, FormProblem, problemOf } from '../../ui/form.tsx';
import { More, Plus } from '../../ui/icons.tsx';
import { type ListColumn, ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Menu } from '../../ui/menu.tsx';
import { useTell } from '../../ui/notices.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { addressOf, contentOf, copyName, LIST_PATH, type Listed, parseDashboard, parseListed } from './dashboard.ts';
import { grouped } from './grouped.ts';
import { useCopy } from './making.ts';
import { useFirstPage } from './preferences.ts';
import './dashboard.css';

export default function Dashboards() {
  const answer = useQuery(LIST_PATH, parseListed);
  const [query, setParameters] = useParameters();
  const [making, setMaking] = useState(false);
  const wanted = query.get('q') ?? '';
  return (
    <main id="content" tabIndex={-1}>
      <PageHead
        title="Dashboards"
        note="Arrange what you look at every day. Everybody who may read can see a dashboard by its link."
        actions={
          <button type="button" class="button primary with-icon" onClick={() => setMaking(true)}>
            <Plus /> New dashboard
          </button>
        }
      />
      <label class="field board-search">
        <span>Search</span>
        <input
          type="search"
          name="q"
          value={wanted}
          placeholder="name, purpose or owner"
          onInput={(event) => setParameters({ q: event.currentTarget.value || null }, true)}
        />
      </label>
      <Loaded answer={answer}>{(rows) => <Groups rows={rows} wanted={wanted} />}</Loaded>
      {making && <NewDialog onClose={() => setMaking(false)} />}
    </main>
  );
}

function Groups({ rows, wanted }: { readonly rows: readonly Listed[]; readonly wanted: string }) {
  const [gone, setGone] = useState<Listed | null>(null);
  const things = useRowThings(setGone);
  const groups = grouped(rows, wanted);
  return (
    <>
      <FormProblem problem={things.problem} />
      {groups.length === 0 && (
        <Panel title="Nothing found">
          <Empty title="No dashboard is called that">Try another word, or make a new one.</Empty>
        </Panel>
      )}
      {groups.map(({ title, note, rows: some }) => (
        <Panel key={title} title={title} note={note} class="board-list">
          {some.length === 0 ? (
            <p class="muted">None yet: make a new one, or copy one that comes close.</p>
          ) : (
            <ListTable label={title} rows={some} rowKey={({ id }) => id} columns={things.columns} />
          )}
        </Panel>
      ))}
      {gone && <DeleteDialog row={gone} onClose={() => setGone(null)} />}
    </>
  );
}

function useRowThings(onDelete: (row: Listed) => void) {
  const page = usePage();
  const { route } = useLocation();
  const { client } = useApi();
  const tell = useTell();
  const copy = useCopy();
  const { first, ready, change } = useFirstPage();
  const copyOf = async ({ id }: Listed) => {
    const path = `/v1/dashboards/${encodeURIComponent(id)}`;
    const content = contentOf(parseDashboard((await client.ask({ path }, new AbortController().signal)).json));
    const to = await copy.run({ ...content, name: copyName(content.name) });
    if (to) route(to);
  };
  const isFirst = ({ id }: Listed) => first === id || (first === null && id === 'overview');
  const makeFirst = ({ id, name }: Listed) =>
    void change.run(id === 'overview' ? null : id).then((done) => {
      if (done) tell(`“${name}” is your first page now`);
    });
  const itemsOf = (row: Listed) => {
    const may = !row.seeded && (row.mine || isAdmin(page));
    return [
      { label: 'Open', onSelect: () => route(addressOf(row)) },
      ...(may ? [{ label: 'Edit', onSelect: () => route(`${addressOf(row)}?edit=1`) }] : []),
      {
        label: 'Make a copy',
        onSelect: () => void copyOf(row).catch(() => tell('It could not be read: try again.')),
      },
      { label: 'Make it my first page', disabled: !ready || isFirst(row), onSelect: () => makeFirst(row) },
      ...(may ? [{ label: 'Delete…', onSelect: () => onDelete(row) }] : []),
    ];
  };
  const columns: ListColumn<Listed>[] = [
    {
      title: 'Name',
      cell: (row) => (
        <div>
          <a class="board-link" href={addressOf(row)}>
            <bdi class="cut-lines">{row.name}</bdi>
          </a>
          {isFirst(row) && <span class="tag">first page</span>}
          {row.description && <bdi class="cut-lines muted">{row.description}</bdi>}
        </div>
      ),
    },
    {
      title: 'Whose',
      cell: ({ owner, seeded }) => (seeded ? 'Headwater' : <bdi class="cut-lines">{owner ?? '–'}</bdi>),
    },
    { title: 'Widgets', cell: ({ widgets }) => widgets, numeric: true },
    { title: 'Changed', cell: ({ updatedAt }) => (updatedAt ? instant(updatedAt, page.locale, page.now) : '–') },
    {
      title: 'Actions',
      cell: (row) => <Menu label={`Actions for ${row.name}`} icon={<More />} items={itemsOf(row)} />,
    },
  ];
  return { columns, problem: copy.problem ?? change.problem };
}

function NewDialog({ onClose }: { readonly onClose: () => void }) {
  const { route } = useLocation();
  const copy = useCopy();
  const [name, setName] = useState('');
  const empty = { name, description: '', range: DEFAULT_RANGE, zone: null, widgets: [] };
  const making = {
    ...copy,
    done: false,
    send: () => void copy.run(empty).then((address) => address && route(address)),
  };
  return (
    <Dialog title="New dashboard" onClose={onClose}>
      <EditForm sending={making} given={name} shown={['name']} action="Make it" checked onCancel={onClose}>
        <Field label="Name" problem={problemOf(copy.problem, 'name')}>
          {(control) => (
            <input
              {...control}
              name="name"
              required
              maxLength={300}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
      </EditForm>
    </Dialog>
  );
}

function DeleteDialog({ row, onClose }: { readonly row: Listed; readonly onClose: () => void }) {
  const path = `/v1/dashboards/${encodeURIComponent(row.id)}`;
  const isAsSeen = (json: unknown) => parseDashboard(json).updatedAt?.getTime() === row.updatedAt?.getTime();
  return (
    <Confirm
      title="Delete this dashboard?"
      action="Delete it"
      act={async (client) =>
        client.change({ method: 'DELETE', path, ifMatch: await versionSeen(client, path, isAsSeen) })
      }
      changes={['/v1/dashboards']}
      said="Deleted"
      onClose={onClose}
    >
      <p>
        <bdi>{row.name}</bdi> is gone for everybody who has its link. This cannot be undone.
      </p>
    </Confirm>
  );
}
