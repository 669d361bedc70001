/** Keep what is shown on a dashboard: one of one's own, or a new one. */

import { useState } from 'preact/hooks';
import { useOnce } from '../../api/once.ts';
import { useQuery } from '../../api/query.ts';
import type { Frame, Question } from '../../question/question.ts';
import { isAdmin, usePage } from '../../shell/page.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { EditForm } from '../../ui/edit-form.tsx';
import { Checkbox, Field, problemOf } from '../../ui/form.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useSending } from '../../ui/sending.ts';
import type { WidgetKind } from '../../widgets/widget.ts';
import { Kept } from './kept.tsx';
import { addWidget, DASHBOARDS, exploredWidget, type Listed, MOST_WIDGETS, newDashboard, parseListed } from './save.ts';

interface Props {
  readonly question: Question;
  readonly as: WidgetKind;
  readonly target: string | null;
  readonly frame: Frame;
  /** What the widget is called unless something else is typed. */
  readonly title: string;
  readonly onClose: () => void;
}

export function SaveDialog(props: Props) {
  const listed = useQuery(DASHBOARDS, parseListed);
  return (
    <Dialog title="Save to a dashboard" onClose={props.onClose}>
      <Loaded answer={listed}>{(all) => <Form {...props} listed={all} />}</Loaded>
    </Dialog>
  );
}

const NEW = 'new';

function Form({ listed, question, as, target, frame, title, onClose }: Props & { readonly listed: readonly Listed[] }) {
  const page = usePage();
  const mine = listed.filter((one) => one.mine || isAdmin(page));
  const [to, setTo] = useState(mine.find((one) => one.mine)?.id ?? NEW);
  const [name, setName] = useState('');
  const [called, setCalled] = useState('');
  const [keep, setKeep] = useState(false);
  const [saved, setSaved] = useState<string | null>(null);
  const post = useOnce();
  const save = useSending(
    async (client) => {
      const widget = exploredWidget({ question, frame, as, target, keep, title: called.trim() });
      if (to !== NEW) {
        await addWidget(client, to, widget);
        setSaved(to);
        return;
      }
      const made = await post(client, DASHBOARDS, newDashboard(name.trim(), widget));
      setSaved(idOf(made.json));
    },
    [DASHBOARDS],
  );
  if (saved !== null) {
    const href = `/dashboards/${encodeURIComponent(saved)}`;
    return <Kept said="It is on the dashboard." href={href} open="Open the dashboard" onClose={onClose} />;
  }
  return (
    <EditForm sending={save} given={[to, name, called, keep]} shown={['name']} action="Save" checked onCancel={onClose}>
      <Field label="Dashboard" hint="Those that come with Headwater stay as they are: copy one to change it.">
        {(control) => (
          <select {...control} value={to} onChange={(event) => setTo(event.currentTarget.value)}>
            {mine.map(({ id, name: known, mine: own, owner, widgets }) => (
              <option key={id} value={id} disabled={widgets >= MOST_WIDGETS}>
                {known}
                {own ? '' : ` (${owner})`}
                {widgets >= MOST_WIDGETS ? ' (full)' : ''}
              </option>
            ))}
            <option value={NEW}>A new one</option>
          </select>
        )}
      </Field>
      {to === NEW && (
        <Field label="Its name" problem={problemOf(save.problem, 'name')}>
          {(control) => (
            <input
              {...control}
              dir="auto"
              required
              maxLength={300}
              value={name}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <Field label="Title of the chart" hint="Empty: what it asks, in words">
        {(control) => (
          <input
            {...control}
            dir="auto"
            maxLength={300}
            placeholder={title}
            value={called}
            onInput={(event) => setCalled(event.currentTarget.value)}
          />
        )}
      </Field>
      <Checkbox
        label="Keep these days and this interval"
        hint="Else it shows the days that the dashboard shows."
        checked={keep}
        onChange={setKeep}
      />
    </EditForm>
  );
}

function idOf(json: unknown): string {
  const { id } = (json ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id : '';
}
