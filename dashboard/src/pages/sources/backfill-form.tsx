/** Have a range of the past pulled. What is pulled already is not asked for again, unless one says so. */

import { useState } from 'preact/hooks';
import { object } from '../../api/json.ts';
import { useOnce } from '../../api/once.ts';
import type { Source } from '../../api/shapes.ts';
import { usePage } from '../../shell/page.ts';
import { addDays, dateIn } from '../../time/zones.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { EditForm } from '../../ui/edit-form.tsx';
import { Checkbox, problemOf } from '../../ui/form.tsx';
import { useTell } from '../../ui/notices.tsx';
import { useSending } from '../../ui/sending.ts';
import { DaysFields } from './days-fields.tsx';
import { type Days, daysProblem, rangeOf } from './range.ts';
import { isActive, parseJob } from './shapes.ts';

interface Props {
  readonly source: Source;
  readonly onClose: () => void;
}

export function BackfillForm({ source, onClose }: Props) {
  const { now } = usePage();
  const tell = useTell();
  const today = dateIn('UTC', now);
  const [days, setDays] = useState<Days>({ from: addDays(today, -7), through: addDays(today, -1), zone: 'UTC' });
  const [again, setAgain] = useState(false);
  const body = { ...(daysProblem(days) ? {} : rangeOf(days)), again };
  const post = useOnce();
  const ask = useSending(
    async (client) => {
      const path = `/v1/sources/${encodeURIComponent(source.name)}/backfill`;
      const { json } = await post(client, path, body);
      const job = parseJob(object(json));
      tell(
        isActive(job)
          ? 'It is asked for; how far it is stands below.'
          : job.notes.join(' ') || 'There is nothing to do.',
      );
    },
    ['/v1/jobs', '/v1/sources'],
    { then: onClose },
  );
  const wrong = daysProblem(days) !== null;
  return (
    <Dialog title={`Backfill ${source.title}`} onClose={onClose}>
      <EditForm
        sending={ask}
        given={[days, again]}
        shown={['from', 'to', 'again']}
        action="Backfill"
        doing="Asking…"
        wrong={wrong}
        checked
        onCancel={onClose}
      >
        <p>
          Pulls these days beside the live stream, which it does not hold up: a part of every budget is left to that.
          Days are widened to what the source can be asked for.
        </p>
        <DaysFields days={days} onChange={(part) => setDays({ ...days, ...part })} problem={ask.problem} max={today} />
        {source.can.again ? (
          <Checkbox
            label="Ask again for what is pulled already"
            hint="Its days are written anew, so nothing is counted twice. For when the source has changed its past."
            checked={again}
            onChange={setAgain}
          />
        ) : (
          <p class="form-hint">What is pulled already is left out: asking again would double its rows.</p>
        )}
        {problemOf(ask.problem, 'again') && <p class="field-problem">{problemOf(ask.problem, 'again')}</p>}
      </EditForm>
    </Dialog>
  );
}
