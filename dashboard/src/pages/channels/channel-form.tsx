/** Set a channel up, or change one: a secret that is left empty stays as it is. */

import { useState } from 'preact/hooks';
import type { Reply } from '../../api/client.ts';
import { useOnce } from '../../api/once.ts';
import { useStanding } from '../../api/standing.ts';
import { EditForm } from '../../ui/edit-form.tsx';
import { Checkbox, Field, problemOf } from '../../ui/form.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useSending } from '../../ui/sending.ts';
import {
  type Channel,
  CHANNEL_KINDS,
  CHANNEL_WORDS,
  type ChannelKind,
  CHANNELS,
  FIELDS,
  parseChannel,
  pathOf,
} from './channel.ts';

interface DoneProps {
  readonly onDone: () => void;
}

export function ChangeChannel({ name, onDone }: DoneProps & { readonly name: string }) {
  const standing = useStanding(pathOf(name), parseChannel);
  return (
    <Loaded answer={standing}>
      {(channel) => (
        <ChannelForm
          key={standing.etag}
          channel={channel}
          etag={standing.etag}
          onNewest={standing.take}
          onDone={onDone}
        />
      )}
    </Loaded>
  );
}

interface Props extends DoneProps {
  /** What is changed; null: a new one is set up. */
  readonly channel: Channel | null;
  readonly etag?: string | null;
  readonly onNewest?: (newest: Reply) => void;
}

export function ChannelForm({ channel, etag, onNewest, onDone }: Props) {
  const [name, setName] = useState(channel?.name ?? '');
  const [kind, setKind] = useState<ChannelKind>(channel?.kind ?? 'slack_bot');
  const [enabled, setEnabled] = useState(channel?.enabled ?? true);
  const [perMinute, setPerMinute] = useState(String(channel?.perMinute ?? 60));
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({
    slack_channel: channel?.slackChannel ?? '',
  });
  const post = useOnce();
  const saving = useSending(
    (client, over?: string | null) => {
      const fields = FIELDS[kind].filter((field) => secrets[field.name]?.trim());
      const given = Object.fromEntries(fields.map((field) => [field.name, secrets[field.name]?.trim()]));
      const body = { enabled, per_minute: Number(perMinute), ...given };
      if (!channel) return post(client, CHANNELS, { name, kind, ...body });
      return client.change({ method: 'PATCH', path: pathOf(name), body, ifMatch: over ?? etag ?? null });
    },
    [CHANNELS],
    { said: 'Saved. Try it: a message of its own is sent there.', then: onDone },
  );
  const { problem } = saving;
  return (
    <EditForm
      sending={saving}
      given={[name, kind, enabled, perMinute, secrets]}
      shown={['name', 'kind', 'per_minute', ...FIELDS[kind].map((one) => one.name)]}
      action="Save"
      meanwhile={onNewest ? { path: pathOf(name), what: 'this channel', onTake: onNewest, onKeep: saving.send } : null}
      onCancel={onDone}
    >
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
    </EditForm>
  );
}
