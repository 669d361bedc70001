/** Feeds: a question by an address of its own, which Excel, Google Sheets and others read again and again. */

import { useRef, useState } from 'preact/hooks';
import { type Json, object, text, texts } from '../../api/json.ts';
import { useAction, useQuery } from '../../api/query.ts';
import { usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { ago } from '../../time/format.ts';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { Field, FormProblem, problemOf } from '../../ui/form.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useTell } from '../../ui/notices.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Secret } from '../../ui/secret.tsx';
import { Empty } from '../../ui/states.tsx';
import { questionOfAddress } from '../explore/address-question.ts';
import { type Feed, parseFeeds } from './token.ts';

export function FeedsPanel() {
  const { locale, now } = usePage();
  const [query, set] = useParameters();
  const answer = useQuery('/v1/feeds?limit=500', parseFeeds);
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
        <Dialog title="Make a feed" onClose={() => set({ new: null })}>
          <FeedForm onDone={() => set({ new: null })} />
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
  const [wrong, setWrong] = useState<string | null>(null);
  const [made, setMade] = useState<string | null>(null);
  const key = useRef<string>(crypto.randomUUID());
  const making = useAction(
    async (client, query: Json) => {
      const reply = await client.change({
        method: 'POST',
        path: '/v1/feeds',
        body: { name, query },
        idempotencyKey: key.current,
      });
      setMade(new URL(`/api/v1/${text(object(reply.json).address)}`, location.origin).href);
    },
    ['/v1/feeds'],
  );
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const query = questionOfAddress(address, location.origin, locale.zone);
    setWrong(typeof query === 'string' ? query : null);
    if (typeof query !== 'string' && !(await making.run(query))) key.current = crypto.randomUUID();
  };
  if (made) {
    return (
      <>
        <Secret label="The feed’s address" value={made} />
        <div class="buttons">
          <button type="button" class="button" onClick={onDone}>
            Done
          </button>
        </div>
      </>
    );
  }
  return (
    <form class="form" onSubmit={(event) => void submit(event)} noValidate>
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
        problem={wrong ?? problemOf(making.problem, 'query')}
      >
        {(control) => (
          <input {...control} type="text" value={address} onInput={(event) => setAddress(event.currentTarget.value)} />
        )}
      </Field>
      <FormProblem problem={making.problem} shown={['name', 'query']} />
      <div class="buttons">
        <button type="submit" class="button primary" disabled={making.busy}>
          Make it
        </button>
        <button type="button" class="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Revoke({ feed, onClose }: { readonly feed: Feed; readonly onClose: () => void }) {
  const tell = useTell();
  const revoking = useAction(
    (client) => client.change({ method: 'DELETE', path: `/v1/feeds/${encodeURIComponent(feed.id)}` }),
    ['/v1/feeds'],
  );
  const revoke = async () => {
    if (!(await revoking.run())) return;
    tell(`${feed.name} answers nothing from now on.`);
    onClose();
  };
  return (
    <Confirm
      title="Revoke this feed?"
      action="Revoke it"
      busy={revoking.busy}
      onConfirm={() => void revoke()}
      onClose={onClose}
    >
      <p>
        The sheet that reads <bdi>{feed.name}</bdi> gets nothing from then on. It cannot be undone.
      </p>
      <FormProblem problem={revoking.problem} />
    </Confirm>
  );
}
