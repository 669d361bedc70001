/** Make a report, or change one. */

import { useLocation } from 'preact-iso';
import { useRef, useState } from 'preact/hooks';
import { type Json, results, text } from '../../api/json.ts';
import { useAction, useQuery } from '../../api/query.ts';
import { Chips } from '../../ui/chips.tsx';
import { Checkbox, Field, FormProblem, problemOf } from '../../ui/form.tsx';
import { useTell } from '../../ui/notices.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { PartsFields } from './parts-fields.tsx';
import { FORMATS, type Report, scheduleJson } from './report.ts';
import { ScheduleFields } from './schedule-fields.tsx';

interface Props {
  readonly report: Report | null;
  readonly etag: string | null;
  /** What a new one begins with. */
  readonly parts?: readonly Json[];
  readonly onDone: () => void;
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

export function ReportForm({ report, etag, parts: begun = [], onDone }: Props) {
  const tell = useTell();
  const { route } = useLocation();
  const [given, setGiven] = useState<Report>(report ?? { ...NEW, parts: begun });
  // What the change is made of: somebody else's must not slip under it while one types.
  const seen = useRef(etag);
  const key = useRef<string>(crypto.randomUUID());
  const channels = useQuery('/v1/channels', parseChannels).data ?? [];
  const set = (part: Partial<Report>) => setGiven((old) => ({ ...old, ...part }));
  const saving = useAction(
    (client) => {
      const { name, title, format, parts, to, enabled, schedule } = given;
      const body = { title, format, parts, to, enabled, schedule: schedule && scheduleJson(schedule) };
      const path = `/v1/reports/${encodeURIComponent(name)}`;
      return report
        ? client.change({ method: 'PATCH', path, body, ifMatch: seen.current })
        : client.change({ method: 'POST', path: '/v1/reports', body: { name, ...body }, idempotencyKey: key.current });
    },
    ['/v1/reports'],
  );
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(await saving.run())) {
      key.current = crypto.randomUUID();
      return;
    }
    tell('Saved.');
    onDone();
    if (!report) route(`/reports/${encodeURIComponent(given.name)}`);
  };
  const { problem } = saving;
  return (
    <form class="form" onSubmit={(event) => void submit(event)} noValidate>
      <div class="form-row">
        <Field label="Title" problem={problemOf(problem, 'title')}>
          {(control) => (
            <input
              {...control}
              type="text"
              value={given.title}
              onInput={(e) => set({ title: e.currentTarget.value })}
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
                onInput={(e) => set({ name: e.currentTarget.value })}
              />
            )}
          </Field>
        )}
      </div>
      <Segmented
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
      <FormProblem problem={problem} shown={SHOWN} />
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
