/** Destinations: subscribers of the topic, operators, channels, and single subscriptions. */

import { useMemo } from 'preact/hooks';
import { type Json, results, text } from '../../api/json.ts';
import { CHANNEL_LIST, SUBSCRIPTIONS } from '../../api/lists.ts';
import { useQuery } from '../../api/query.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { Checkbox } from '../../ui/form.tsx';
import { isOver, parseSubscriptions, STANDING } from '../subscriptions/subscription.ts';
import type { PartProps } from './form-part.ts';

interface Named {
  readonly value: string;
  readonly label: string;
}

interface Person extends Named {
  readonly over: boolean;
}

const parseChannels = (json: unknown): Named[] =>
  results(json).map((row) => ({
    value: `channel:${text(row.name)}`,
    label: `Channel ${text(row.name)}${offWords(row)}`,
  }));
/** Who hears nothing any more is named where a rule still has them, and offered to none. */
const parsePeople = (json: unknown): Person[] =>
  parseSubscriptions(json).map((one) => ({
    value: `subscription:${one.id}`,
    label: `${one.address}${one.state === 'confirmed' ? '' : ` (${STANDING[one.state]?.word ?? one.state})`}`,
    over: isOver(one),
  }));
const offWords = (row: Json) => (row.enabled === false ? ' (off)' : '');

const USUAL: readonly Named[] = [
  { value: 'subscribers', label: 'Whoever subscribed to the topic' },
  { value: 'operators', label: 'Whoever runs Headwater' },
];

export function Destinations({ draft, set, fault }: PartProps) {
  const admin = isAdmin(usePage());
  const channels = useQuery(admin ? CHANNEL_LIST : null, parseChannels);
  const subscriptions = useQuery(admin ? SUBSCRIPTIONS : null, parsePeople);
  const people = useMemo(() => subscriptions.data ?? [], [subscriptions.data]);
  const shown = useMemo(() => {
    const known = [...USUAL, ...(channels.data ?? [])];
    const others = draft.to.filter((to) => known.every(({ value }) => value !== to));
    const named = (to: string) => people.find(({ value }) => value === to)?.label ?? to;
    return [...known, ...others.map((to) => ({ value: to, label: named(to) }))];
  }, [channels.data, people, draft.to]);
  const toggle = (to: string, on: boolean) =>
    set({ to: on ? [...draft.to, to] : draft.to.filter((one) => one !== to) });
  const problem = fault('to');
  const addable = people.filter(({ value, over }) => !over && !draft.to.includes(value));
  return (
    <fieldset class="alerts-checks">
      <legend>To</legend>
      {shown.map(({ value, label }) => (
        <Checkbox
          key={value}
          label={<bdi class="alerts-inline-name">{label}</bdi>}
          checked={draft.to.includes(value)}
          onChange={(on) => toggle(value, on)}
        />
      ))}
      {addable.length > 0 && (
        <label class="field">
          <span>One person more</span>
          <select value="" onChange={({ currentTarget: { value } }) => value && toggle(value, true)}>
            <option value="">choose</option>
            {addable.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
      {problem && <p class="field-problem">{problem}</p>}
    </fieldset>
  );
}
