/** What people were told in the last days: whether it arrived, why not, and once more. */

import type { Client } from '../../api/client.ts';
import { useAction, useQuery } from '../../api/query.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { useParameters } from '../../state/address.ts';
import { instant } from '../../time/format.ts';
import { Allowed } from '../../ui/allowed.tsx';
import { FormProblem } from '../../ui/form.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useTell } from '../../ui/notices.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Empty } from '../../ui/states.tsx';
import { type Delivery, isGivenUp, type Message, parseMessages } from './message.ts';

const KINDS = ['alert', 'incident', 'digest', 'report', 'notice'];
const STATES: Record<string, string> = {
  '': 'any',
  pending: 'on their way',
  sent: 'that arrived',
  dead: 'that were given up',
};
const TONES: Record<string, string> = { sent: 'good', dead: 'bad', pending: 'warn' };

export default function MessagesPage() {
  return (
    <main id="content" tabIndex={-1}>
      <PageHead title="Messages" note="What people were told in the last week, and whether it arrived." />
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
  const { locale, now } = usePage();
  const tell = useTell();
  const [query, set] = useParameters();
  const [kind, state, cursor] = ['kind', 'state', 'cursor'].map((name) => query.get(name) ?? '');
  const search = new URLSearchParams({ limit: '50' });
  if (kind) search.set('kind', kind);
  if (state) search.set('state', state);
  if (cursor) search.set('cursor', cursor);
  const answer = useQuery(`/v1/messages?${search}`, parseMessages);
  const again = useAction(
    (client: Client, { key }: Message) => {
      const path = `/v1/messages/${encodeURIComponent(key)}/redrive`;
      return client.change({ method: 'POST', path, idempotencyKey: crypto.randomUUID() });
    },
    ['/v1/messages'],
  );
  const send = async (message: Message) => {
    if (await again.run(message)) tell('It is tried again.');
  };
  return (
    <Panel
      title="The last week"
      busy={answer.loading}
      tools={
        <>
          <Choice
            label="Kind"
            value={kind ?? ''}
            options={['', ...KINDS]}
            onChange={(to) => set({ kind: to, cursor: null })}
          />
          <Choice
            label="Those"
            value={state ?? ''}
            options={Object.keys(STATES)}
            words={STATES}
            onChange={(to) => set({ state: to, cursor: null })}
          />
        </>
      }
    >
      <FormProblem problem={again.problem} />
      <Loaded answer={answer}>
        {({ messages, next }) => (
          <>
            {messages.length === 0 ? (
              <Empty title="No message">Nobody was told anything of that kind in the last week.</Empty>
            ) : (
              <ListTable
                label="Messages"
                rows={messages}
                rowKey={({ key }) => key}
                columns={[
                  { title: 'When', cell: ({ at }) => (at ? instant(at, locale, now) : '') },
                  {
                    title: 'What',
                    cell: ({ subject, short, link }) => (
                      <>
                        {link ? (
                          <a href={link}>
                            <bdi>{subject}</bdi>
                          </a>
                        ) : (
                          <bdi>{subject}</bdi>
                        )}
                        {short !== subject && (
                          <span class="form-hint">
                            <bdi>{short}</bdi>
                          </span>
                        )}
                      </>
                    ),
                  },
                  { title: 'Kind', cell: (one) => `${one.kind}, ${one.severity}` },
                  { title: 'To', cell: ({ deliveries }) => <Deliveries deliveries={deliveries} /> },
                  {
                    title: '',
                    cell: (message) =>
                      isGivenUp(message) && (
                        <button type="button" class="link" disabled={again.busy} onClick={() => void send(message)}>
                          Send again<span class="hidden">: {message.subject}</span>
                        </button>
                      ),
                  },
                ]}
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
    </Panel>
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

function Deliveries({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  return (
    <ul>
      {deliveries.map(({ to, state, attempts, reason }) => (
        <li key={to}>
          <bdi>{to}</bdi> <span class={`badge ${TONES[state] ?? 'idle'}`}>{state}</span>
          {reason && <span class="form-hint">{`${reason} (${attempts} tries)`}</span>}
        </li>
      ))}
    </ul>
  );
}
