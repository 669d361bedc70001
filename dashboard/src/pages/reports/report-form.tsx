/** Make a report, or change one. */

import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import type { Reply } from '../../api/client.ts';
import { type Json, results, text } from '../../api/json.ts';
import { CHANNEL_LIST } from '../../api/lists.ts';
import { nameFrom } from '../../api/names.ts';
import { useOnce } from '../../api/once.ts';
import { useQuery } from '../../api/query.ts';
import { useStanding } from '../../api/standing.ts';
import { Chips } from '../../ui/chips.tsx';
import { EditForm } from '../../ui/edit-form.tsx';
import { Checkbox, Field, problemOf } from '../../ui/form.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { SegmentedField } from '../../ui/segmented.tsx';
import { useSending } from '../../ui/sending.ts';
import { PartsFields } from './parts-fields.tsx';
import { FORMATS, parseReport, type Report, scheduleJson } from './report.ts';
import { ScheduleFields } from './schedule-fields.tsx';

interface DoneProps {
  readonly onDone: () => void;
}

interface Props extends DoneProps {
  /** What is changed; null: a new one is made. */
  readonly report: Report | null;
  /** What a new one begins with. */
  readonly parts?: readonly Json[];
  readonly etag?: string | null;
  readonly onNewest?: (newest: Reply) => void;
}

const NEW: Report = {
  name: '',
  title: '',
  format: 'pdf',
  parts: [],
  to: ['subscribers'],
  schedule: null,
  enabled: true,
  nextAt: null,
};
const SHOWN = ['name', 'title', 'format', 'parts', 'to', 'schedule'];

const parseChannels = (json: unknown) =>
  results(json).map((row) => ({ value: `channel:${text(row.name)}`, label: text(row.name), hint: 'channel' }));

const pathOf = (name: string) => `/v1/reports/${encodeURIComponent(name)}`;

export function ChangeReport({ path, onDone }: DoneProps & { readonly path: string }) {
  const standing = useStanding(path, parseReport);
  return (
    <Loaded answer={standing}>
      {(report) => (
        <ReportForm key={standing.etag} report={report} etag={standing.etag} onNewest={standing.take} onDone={onDone} />
      )}
    </Loaded>
  );
}

export function ReportForm({ report, parts: begun = [], etag, onNewest, onDone }: Props) {
  const { route } = useLocation();
  const [given, setGiven] = useState<Report>(report ?? { ...NEW, parts: begun });
  // The name follows the title until somebody types one.
  const [named, setNamed] = useState(false);
  const post = useOnce();
  const channels = useQuery(CHANNEL_LIST, parseChannels).data ?? [];
  const set = (part: Partial<Report>) => setGiven((old) => ({ ...old, ...part }));
  const saving = useSending(
    (client, over?: string | null) => {
      const { name, title, format, parts, to, enabled, schedule } = given;
      const body = { title, format, parts, to, enabled, schedule: schedule && scheduleJson(schedule) };
      if (!report) return post(client, '/v1/reports', { name, ...body });
      return client.change({ method: 'PATCH', path: pathOf(name), body, ifMatch: over ?? etag ?? null });
    },
    ['/v1/reports'],
    {
      said: 'Saved.',
      then: () => {
        onDone();
        if (!report) route(`/reports/${encodeURIComponent(given.name)}`);
      },
    },
  );
  const { problem } = saving;
  return (
    <EditForm
      sending={saving}
      given={given}
      shown={SHOWN}
      action="Save"
      openedBy="new"
      meanwhile={
        report && onNewest
          ? { path: pathOf(report.name), what: 'this report', onTake: onNewest, onKeep: saving.send }
          : null
      }
      onCancel={onDone}
    >
      <div class="form-row">
        <Field label="Title" problem={problemOf(problem, 'title')}>
          {(control) => (
            <input
              {...control}
              type="text"
              value={given.title}
              onInput={(e) => {
                const title = e.currentTarget.value;
                set(report || named ? { title } : { title, name: nameFrom(title, '-', 60) });
              }}
            />
          )}
        </Field>
        {!report && (
          <Field label="Name" hint="In addresses: weekly-marketing" problem={problemOf(problem, 'name')}>
            {(control) => (
              <input
                {...control}
                type="text"
                value={given.name}
                onInput={(e) => {
                  setNamed(true);
                  set({ name: e.currentTarget.value });
                }}
              />
            )}
          </Field>
        )}
      </div>
      <SegmentedField
        label="Format"
        options={FORMATS.map((value) => ({ value, label: value === 'pdf' ? 'PDF, to read' : 'Excel, to go on with' }))}
        value={given.format}
        onChange={(format) => set({ format })}
      />
      <PartsFields parts={given.parts} problem={problem} onChange={(parts) => set({ parts })} />
      <ScheduleFields schedule={given.schedule} problem={problem} onChange={(schedule) => set({ schedule })} />
      <fieldset class="form-group">
        <legend>Told of it</legend>
        <Chips
          label="Add somebody"
          nothing="Nobody is called that."
          chosen={given.to}
          choices={[
            { value: 'subscribers', label: 'Who subscribed to it', hint: '' },
            { value: 'operators', label: 'Operators', hint: '' },
            ...channels,
          ]}
          most={20}
          onChange={(to) => set({ to })}
        />
        {problemOf(problem, 'to') && <p class="field-problem">{problemOf(problem, 'to')}</p>}
      </fieldset>
      <Checkbox
        label="Switched on"
        hint="Switched off, it is made only when somebody asks."
        checked={given.enabled}
        onChange={(enabled) => set({ enabled })}
      />
    </EditForm>
  );
}
