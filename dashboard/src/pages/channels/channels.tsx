/** Slack and webhooks: where messages go beside mail and SMS, whether they arrive, and their end. */

import { useState } from 'preact/hooks';
import type { Client } from '../../api/client.ts';
import { object, text } from '../../api/json.ts';
import { CHANNEL_LIST } from '../../api/lists.ts';
import { useOnce } from '../../api/once.ts';
import { useAction, useQuery } from '../../api/query.ts';
import { isSame, versionSeen } from '../../api/standing.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { Allowed } from '../../ui/allowed.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FormProblem } from '../../ui/form.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useTell } from '../../ui/notices.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { type Channel, CHANNEL_WORDS, CHANNELS, parseChannel, parseChannels, pathOf } from './channel.ts';
import { ChangeChannel, ChannelForm } from './channel-form.tsx';
import { Tried } from './tried.tsx';

export default function Channels() {
  const page = usePage();
  const [changing, setChanging] = useState<Channel | 'new' | null>(null);
  const admin = isAdmin(page);
  return (
    <main id="content" tabIndex={-1}>
      <PageHead
        title="Channels"
        note="Slack and webhooks: where alerts and reports go beside mail and SMS."
        actions={
          admin && (
            <button type="button" class="button primary" onClick={() => setChanging('new')}>
              Set one up
            </button>
          )
        }
      />
      <Allowed
        may={isAdmin}
        otherwise={
          <Panel title="Only for administrators">
            <p>Channels hold secrets of other programs: an administrator sets them up.</p>
          </Panel>
        }
      >
        <All onChange={setChanging} />
      </Allowed>
      {changing && (
        <Dialog
          title={changing === 'new' ? 'Set a channel up' : `Change ${changing.name}`}
          onClose={() => setChanging(null)}
        >
          {changing === 'new' ? (
            <ChannelForm channel={null} onDone={() => setChanging(null)} />
          ) : (
            <ChangeChannel name={changing.name} onDone={() => setChanging(null)} />
          )}
        </Dialog>
      )}
    </main>
  );
}

function All({ onChange }: { readonly onChange: (channel: Channel) => void }) {
  const tell = useTell();
  const answer = useQuery(CHANNEL_LIST, parseChannels);
  const [ending, setEnding] = useState<Channel | null>(null);
  const post = useOnce();
  const [tried, setTried] = useState<Readonly<Record<string, string>>>({});
  const trying = useAction(async (client: Client, { name }: Channel) => {
    const { json } = await post(client, `${pathOf(name)}/test`);
    setTried((before) => ({ ...before, [name]: text(object(json).key) }));
  });
  const tryOne = async (channel: Channel) => {
    if (await trying.run(channel)) tell(`On its way to ${channel.name}: whether it arrives stands beside it.`);
  };
  return (
    <Panel title="All channels" busy={answer.loading}>
      <FormProblem problem={trying.problem} />
      <Loaded answer={answer}>
        {(channels) =>
          channels.length === 0 ? (
            <Empty title="No channel yet">Set one up, and name it in rules and reports.</Empty>
          ) : (
            <ListTable
              label="Channels"
              rows={channels}
              rowKey={({ name }) => name}
              columns={[
                { title: 'Name', cell: ({ name }) => <code>{name}</code> },
                { title: 'Kind', cell: ({ kind }) => CHANNEL_WORDS[kind] },
                {
                  title: 'To',
                  cell: ({ shown, slackChannel }) => <bdi>{[slackChannel, shown].filter(Boolean).join(', ')}</bdi>,
                },
                {
                  title: 'State',
                  cell: ({ name, enabled }) => (
                    <div>
                      <span class={`badge ${enabled ? 'good' : 'idle'}`}>{enabled ? 'On' : 'Switched off'}</span>
                      {tried[name] && <Tried key={tried[name]} message={tried[name]} />}
                    </div>
                  ),
                },
                { title: 'Most a minute', numeric: true, cell: ({ perMinute }) => perMinute },
                {
                  title: '',
                  cell: (channel) => (
                    <span class="buttons">
                      <button type="button" class="link" disabled={trying.busy} onClick={() => void tryOne(channel)}>
                        Try it<span class="hidden">: {channel.name}</span>
                      </button>
                      <button type="button" class="link" onClick={() => onChange(channel)}>
                        Change<span class="hidden"> {channel.name}</span>
                      </button>
                      <button type="button" class="link" onClick={() => setEnding(channel)}>
                        Delete<span class="hidden"> {channel.name}</span>
                      </button>
                    </span>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {ending && <Delete channel={ending} onClose={() => setEnding(null)} />}
    </Panel>
  );
}

function Delete({ channel, onClose }: { readonly channel: Channel; readonly onClose: () => void }) {
  const path = pathOf(channel.name);
  const isAsSeen = (json: unknown) => isSame(parseChannel(json), channel);
  return (
    <Confirm
      title="Delete this channel?"
      action="Delete it"
      act={async (client) =>
        client.change({ method: 'DELETE', path, ifMatch: await versionSeen(client, path, isAsSeen) })
      }
      changes={[CHANNELS]}
      said={`${channel.name} is deleted.`}
      onClose={onClose}
    >
      <p>
        Nothing is sent to <code>{channel.name}</code> any more; its secret is forgotten.
      </p>
    </Confirm>
  );
}
