/** What people were told in the last days: whether it arrived, why not, and once more. */

import type { Client } from '../../api/client.ts';
import { useOnce } from '../../api/once.ts';
import { useAction, useQuery } from '../../api/query.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { instant } from '../../time/format.ts';
import { Allowed } from '../../ui/allowed.tsx';
import { FormProblem } from '../../ui/form.tsx';
import { type ListColumn, ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useTell } from '../../ui/notices.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty } from '../../ui/states.tsx';
import { Deliveries } from './deliveries.tsx';
import { firstDay, isGivenUp, type Message, parseMessages } from './message.ts';
import { MessageDialog } from './message-dialog.tsx';
import './messages.css';

const DAYS = [
  { value: '', label: '7 days' },
  { value: '31', label: '31 days' },
] as const;
const KINDS = ['alert', 'incident', 'digest', 'report', 'notice'];
const STATES: Record<string, string> = {
  '': 'any',
  pending: 'on their way',
  sent: 'that arrived',
  dead: 'that were given up',
};

export default function MessagesPage() {
  return (
    <main id="content" tabIndex={-1}>
      <PageHead title="Messages" note="What people were told, and whether it arrived." />
      <Allowed
        may={isAdmin}
        otherwise={
          <Panel title="Only for administrators">
            <p>Messages name people’s addresses: administrators see them.</p>
          </Panel>
        }
      >
        <All />
      </Allowed>
    </main>
  );
}

function All() {
  const { now } = usePage();
  const tell = useTell();
  const [query, set] = useParameters();
  const [kind = '', state = '', cursor = '', opened = ''] = ['kind', 'state', 'cursor', 'message'].map(
    (name) => query.get(name) ?? '',
  );
  const days = DAYS.find(({ value }) => value === query.get('days'))?.value ?? '';
  const search = new URLSearchParams({ limit: '50' });
  if (days) search.set('from', firstDay(now, Number(days)));
  if (kind) search.set('kind', kind);
  if (state) search.set('state', state);
  if (cursor) search.set('cursor', cursor);
  const answer = useQuery(`/v1/messages?${search}`, parseMessages);
  const post = useOnce();
  const again = useAction(
    (client: Client, { key }: Message) => post(client, `/v1/messages/${encodeURIComponent(key)}/redrive`),
    ['/v1/messages'],
  );
  const send = async (message: Message) => {
    if (await again.run(message)) tell('It is tried again.');
  };
  const choose = (part: Record<string, string>) => set({ ...part, cursor: null });
  return (
    <Panel
      title={days ? `The last ${days} days` : 'The last week'}
      busy={answer.loading}
      tools={
        <>
          <Segmented label="Days" options={DAYS} value={days} onChange={(to) => choose({ days: to })} />
          <Choice label="Kind" value={kind} options={['', ...KINDS]} onChange={(to) => choose({ kind: to })} />
          <Choice
            label="Those"
            value={state}
            options={Object.keys(STATES)}
            words={STATES}
            onChange={(to) => choose({ state: to })}
          />
        </>
      }
    >
      <FormProblem problem={again.problem} />
      <Loaded answer={answer}>
        {({ messages, next }) => (
          <>
            {messages.length === 0 ? (
              <Empty title="No message">Nobody was told anything of that kind in these days.</Empty>
            ) : (
              <Table
                messages={messages}
                busy={again.busy}
                onOpen={({ key }) => set({ message: key })}
                onAgain={(message) => void send(message)}
              />
            )}
            <div class="buttons">
              {cursor && (
                <button type="button" class="button" onClick={() => set({ cursor: null })}>
                  The newest
                </button>
              )}
              {next && (
                <button type="button" class="button" onClick={() => set({ cursor: next })}>
                  Older ones
                </button>
              )}
            </div>
          </>
        )}
      </Loaded>
      {opened && (
        <MessageDialog
          id={opened}
          busy={again.busy}
          onAgain={(message) => void send(message)}
          onClose={() => set({ message: null })}
        />
      )}
    </Panel>
  );
}

interface TableProps {
  readonly messages: readonly Message[];
  readonly busy: boolean;
  readonly onOpen: (message: Message) => void;
  readonly onAgain: (message: Message) => void;
}

function Table({ messages, busy, onOpen, onAgain }: TableProps) {
  const { locale, now } = usePage();
  const columns: ListColumn<Message>[] = [
    { title: 'When', cell: ({ putAt }) => putAt && <span class="message-when">{instant(putAt, locale, now)}</span> },
    {
      title: 'What',
      cell: (message) => (
        <div class="message-what">
          <button type="button" class="link" onClick={() => onOpen(message)}>
            <bdi>{message.subject}</bdi>
          </button>
          {message.short !== message.subject && (
            <span class="form-hint">
              <bdi>{message.short}</bdi>
            </span>
          )}
        </div>
      ),
    },
    { title: 'Kind', cell: (one) => `${one.kind}, ${one.severity}` },
    { title: 'To', cell: ({ deliveries }) => <Deliveries deliveries={deliveries} /> },
  ];
  const again: ListColumn<Message> = {
    title: '',
    cell: (message) =>
      isGivenUp(message) && (
        <button type="button" class="link" disabled={busy} onClick={() => onAgain(message)}>
          Send again<span class="hidden">: {message.subject}</span>
        </button>
      ),
  };
  return (
    <ListTable
      label="Messages"
      rows={messages}
      rowKey={({ key }) => key}
      columns={messages.some(isGivenUp) ? [...columns, again] : columns}
    />
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly words?: Readonly<Record<string, string>>;
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, words, onChange }: ChoiceProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {words?.[option] ?? (option || 'any')}
          </option>
        ))}
      </select>
    </label>
  );
}
