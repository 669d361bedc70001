/** Who is told what: everybody's subscriptions for administrators, the form to ask for one for all. */

import { useState } from 'preact/hooks';
import { SUBSCRIPTIONS } from '../../api/lists.ts';
import { useQuery } from '../../api/query.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { ago } from '../../time/format.ts';
import { Allowed } from '../../ui/allowed.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox } from '../../ui/form.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Empty } from '../../ui/states.tsx';
import { SubscribeForm } from './subscribe-form.tsx';
import {
  heard,
  inOrder,
  isOver,
  parseSubscriptions,
  PROTOCOL_NAMES,
  STANDING,
  type Subscription,
} from './subscription.ts';

export default function Subscriptions() {
  const [query, set] = useParameters();
  const search = query.get('search') ?? '';
  const close = () => set({ new: null }, true);
  return (
    <main id="content" tabIndex={-1}>
      <PageHead
        title="Subscriptions"
        note="Who is told what: alerts, incidents, reports, and digests of numbers, by mail and SMS."
        actions={
          <button type="button" class="button primary" onClick={() => set({ new: 'yes' })}>
            Subscribe an address
          </button>
        }
      />
      <Allowed
        may={isAdmin}
        otherwise={
          <Panel title="Your own">
            <p>
              Subscribe your address here; the first message has links to change and to end it. Administrators see
              everybody’s.
            </p>
          </Panel>
        }
      >
        <Everybody search={search} onSearch={(text) => set({ search: text }, true)} />
      </Allowed>
      {query.get('new') && (
        <Dialog title="Subscribe an address" onClose={close} wide>
          <SubscribeForm onDone={close} />
        </Dialog>
      )}
    </main>
  );
}

interface EverybodyProps {
  readonly search: string;
  readonly onSearch: (text: string) => void;
}

function Everybody({ search, onSearch }: EverybodyProps) {
  const { locale, now } = usePage();
  const answer = useQuery(SUBSCRIPTIONS, parseSubscriptions);
  const [over, setOver] = useState(false);
  const wanted = (one: Subscription) =>
    (over || !isOver(one)) &&
    `${one.address} ${heard(one)} ${STANDING[one.state]?.word ?? ''}`.toLowerCase().includes(search.toLowerCase());
  return (
    <Panel
      title="Everybody"
      busy={answer.loading}
      tools={
        <>
          <Checkbox label="Those that are over, too" checked={over} onChange={setOver} />
          <SearchField label="Find" prompt="Find somebody" value={search} onInput={onSearch} />
        </>
      }
    >
      <Loaded answer={answer}>
        {(all) => {
          const shown = inOrder(all.filter(wanted));
          if (shown.length === 0) {
            return search ? (
              <Empty title="Nobody like that">{`No address, state or topic has “${search}” in it.`}</Empty>
            ) : (
              <Empty title="Nobody is subscribed">Subscribe an address: its owner is asked first.</Empty>
            );
          }
          return (
            <ListTable
              label="Subscriptions"
              rows={shown}
              rowKey={({ id }) => id}
              columns={[
                {
                  title: 'Address',
                  cell: ({ id, address }) => (
                    <a href={`/subscriptions/${id}`}>
                      <bdi>{address}</bdi>
                    </a>
                  ),
                },
                { title: 'By', cell: ({ protocol }) => PROTOCOL_NAMES[protocol] },
                { title: 'State', cell: (one) => <Standing subscription={one} /> },
                { title: 'Hears', cell: (one) => heard(one) },
                {
                  title: 'Since',
                  short: true,
                  cell: ({ confirmedAt }) => (confirmedAt ? ago(confirmedAt, now, locale.language) : '–'),
                },
              ]}
            />
          );
        }}
      </Loaded>
    </Panel>
  );
}

export function Standing({ subscription }: { readonly subscription: Subscription }) {
  const { word, tone } = STANDING[subscription.state] ?? { word: subscription.state, tone: 'idle' };
  return (
    <span class={`badge ${tone}`} data-state={subscription.state}>
      {word}
    </span>
  );
}
