/** Feeds: a question by an address of its own, which Excel, Google Sheets and others read again and again. */

import { useState } from 'preact/hooks';
import { type Json, object, text, texts } from '../../api/json.ts';
import { FEEDS } from '../../api/lists.ts';
import { useOnce } from '../../api/once.ts';
import { useQuery } from '../../api/query.ts';
import { usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { ago } from '../../time/format.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EditForm } from '../../ui/edit-form.tsx';
import { Field, problemOf, wrongField } from '../../ui/form.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Secret } from '../../ui/secret.tsx';
import { useSending } from '../../ui/sending.ts';
import { Empty } from '../../ui/states.tsx';
import { questionOfAddress } from '../explore/address-question.ts';
import { type Feed, parseFeeds } from './token.ts';

export function FeedsPanel() {
  const { locale, now } = usePage();
  const [query, set] = useParameters();
  const close = () => set({ new: null }, true);
  const answer = useQuery(FEEDS, parseFeeds);
  const [ending, setEnding] = useState<Feed | null>(null);
  return (
    <Panel
      title="Feeds for spreadsheets"
      note="An address that answers a question as CSV, newest numbers each time: in Excel Data → From Web, in Google Sheets =IMPORTDATA(…)."
      busy={answer.loading}
      tools={
        <button type="button" class="button" onClick={() => set({ new: 'feed' })}>
          Make a feed
        </button>
      }
    >
      <Loaded answer={answer}>
        {(feeds) => {
          const live = feeds.filter(({ revokedAt }) => revokedAt === null);
          if (live.length === 0) return <Empty title="No feed">Make one for each sheet that reads numbers.</Empty>;
          return (
            <ListTable
              label="Feeds"
              rows={live}
              rowKey={({ id }) => id}
              columns={[
                { title: 'Name', cell: ({ name }) => <bdi>{name}</bdi> },
                { title: 'Asks for', cell: ({ query: asked }) => asksFor(asked) },
                {
                  title: 'Made',
                  cell: ({ createdAt, createdBy }) =>
                    `${createdAt ? ago(createdAt, now, locale.language) : ''} by ${createdBy}`,
                },
                {
                  title: '',
                  cell: (feed) => (
                    <button type="button" class="link" onClick={() => setEnding(feed)}>
                      Revoke<span class="hidden"> {feed.name}</span>
                    </button>
                  ),
                },
              ]}
            />
          );
        }}
      </Loaded>
      {ending && <Revoke feed={ending} onClose={() => setEnding(null)} />}
      {query.get('new') === 'feed' && (
        <Dialog title="Make a feed" onClose={close}>
          <FeedForm onDone={close} />
        </Dialog>
      )}
    </Panel>
  );
}

function asksFor(query: Json): string {
  const groups = texts(query.group_by);
  return texts(query.metrics).join(', ') + (groups.length > 0 ? ` by ${groups.join(', ')}` : '');
}

function FeedForm({ onDone }: { readonly onDone: () => void }) {
  const { locale } = usePage();
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const [made, setMade] = useState<string | null>(null);
  const query = questionOfAddress(address, location.origin, locale.zone);
  const post = useOnce();
  const making = useSending(
    async (client) => {
      if (typeof query === 'string') throw wrongField('query', query);
      const { json } = await post(client, '/v1/feeds', { name, query });
      setMade(new URL(`/api/v1/${text(object(json).address)}`, location.origin).href);
    },
    ['/v1/feeds'],
  );
  if (made) return <Secret label="The feed’s address" value={made} openedBy="new" onDone={onDone} />;
  return (
    <EditForm
      sending={making}
      given={[name, address]}
      shown={['name', 'query']}
      action="Make it"
      openedBy="new"
      onCancel={onDone}
    >
      <Field label="Name" hint="The sheet that reads it." problem={problemOf(making.problem, 'name')}>
        {(control) => <input {...control} type="text" value={name} onInput={(e) => setName(e.currentTarget.value)} />}
      </Field>
      <Field
        label="Address of the numbers in Explore"
        hint={
          <>
            Choose the numbers in <a href="/explore">Explore</a> and copy what the address bar says.
          </>
        }
        problem={problemOf(making.problem, 'query')}
      >
        {(control) => (
          <input {...control} type="text" value={address} onInput={(event) => setAddress(event.currentTarget.value)} />
        )}
      </Field>
    </EditForm>
  );
}

function Revoke({ feed, onClose }: { readonly feed: Feed; readonly onClose: () => void }) {
  return (
    <Confirm
      title="Revoke this feed?"
      action="Revoke it"
      act={(client) => client.change({ method: 'DELETE', path: `/v1/feeds/${encodeURIComponent(feed.id)}` })}
      changes={['/v1/feeds']}
      said={`${feed.name} answers nothing from now on.`}
      onClose={onClose}
    >
      <p>
        The sheet that reads <bdi>{feed.name}</bdi> gets nothing from then on. It cannot be undone.
      </p>
    </Confirm>
  );
}
