/** Set a channel up, or change one: a secret that is left empty stays as it is. */

import { useRef, useState } from 'preact/hooks';
import type { Reply } from '../../api/client.ts';
import { useAction } from '../../api/query.ts';
import { Checkbox, Field, FormProblem, problemOf } from '../../ui/form.tsx';
import { useTell } from '../../ui/notices.tsx';
import { type Channel, CHANNEL_KINDS, CHANNEL_WORDS, type ChannelKind, FIELDS } from './channel.ts';

interface Props {
  readonly channel: Channel | null;
  readonly onDone: () => void;
}

export function ChannelForm({ channel, onDone }: Props) {
  const tell = useTell();
  const [name, setName] = useState(channel?.name ?? '');
  const [kind, setKind] = useState<ChannelKind>(channel?.kind ?? 'slack_bot');
  const [enabled, setEnabled] = useState(channel?.enabled ?? true);
  const [perMinute, setPerMinute] = useState(String(channel?.perMinute ?? 60));
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({
    slack_channel: channel?.slackChannel ?? '',
  });
  const key = useRef<string>(crypto.randomUUID());
  const saving = useAction(
    async (client): Promise<Reply> => {
      const fields = FIELDS[kind].filter((field) => secrets[field.name]?.trim());
      const given = Object.fromEntries(fields.map((field) => [field.name, secrets[field.name]?.trim()]));
      const body = { enabled, per_minute: Number(perMinute), ...given };
      if (!channel) {
        const made = { name, kind, ...body };
        return client.change({ method: 'POST', path: '/v1/channels', body: made, idempotencyKey: key.current });
      }
      const path = `/v1/channels/${encodeURIComponent(channel.name)}`;
      const { etag } = await client.ask({ path }, new AbortController().signal);
      return client.change({ method: 'PATCH', path, body, ifMatch: etag });
    },
    ['/v1/channels'],
  );
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(await saving.run())) {
      key.current = crypto.randomUUID();
      return;
    }
    tell('Saved. Try it: a message of its own is sent there.');
    onDone();
  };
  const { problem } = saving;
  return (
    <form class="form" onSubmit={(event) => void submit(event)} noValidate>
      {!channel && (
        <div class="form-row">
          <Field label="Name" hint="Rules and reports name it: sales-alerts" problem={problemOf(problem, 'name')}>
            {(control) => (
              <input {...control} type="text" value={name} onInput={(event) => setName(event.currentTarget.value)} />
            )}
          </Field>
          <Field label="Kind" problem={problemOf(problem, 'kind')}>
            {(control) => (
              <select {...control} value={kind} onChange={(event) => setKind(event.currentTarget.value as ChannelKind)}>
                {CHANNEL_KINDS.map((one) => (
                  <option key={one} value={one}>
                    {CHANNEL_WORDS[one]}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
      )}
      {FIELDS[kind].map((field) => (
        <Field
          key={field.name}
          label={field.label}
          hint={channel && field.name !== 'slack_channel' ? `${field.hint} Left empty, it stays.` : field.hint}
          problem={problemOf(problem, field.name)}
        >
          {(control) => (
            <input
              {...control}
              type="text"
              autocomplete="off"
              spellcheck={false}
              value={secrets[field.name] ?? ''}
              onInput={(event) => {
                const typed = event.currentTarget.value;
                setSecrets((old) => ({ ...old, [field.name]: typed }));
              }}
            />
          )}
        </Field>
      ))}
      <Field
        label="Messages in a minute, at most"
        hint="What is over that waits."
        problem={problemOf(problem, 'per_minute')}
      >
        {(control) => (
          <input
            {...control}
            type="number"
            min={1}
            value={perMinute}
            onInput={(event) => setPerMinute(event.currentTarget.value)}
          />
        )}
      </Field>
      <Checkbox
        label="Switched on"
        hint="Messages to one that is switched off are dropped."
        checked={enabled}
        onChange={setEnabled}
      />
      <FormProblem problem={problem} shown={['name', 'kind', 'per_minute', ...FIELDS[kind].map((one) => one.name)]} />
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
