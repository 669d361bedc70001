/** Have what was set aside read again, by today's reader. */

import { useState } from 'preact/hooks';
import { useOnce } from '../../api/once.ts';
import type { Source } from '../../api/shapes.ts';
import { usePage } from '../../shell/page.ts';
import { number } from '../../time/format.ts';
import { addDays, dateIn } from '../../time/zones.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { EditForm } from '../../ui/edit-form.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useSending } from '../../ui/sending.ts';
import { DaysFields } from './days-fields.tsx';
import { type Days, daysProblem, rangeOf } from './range.ts';

interface Props {
  readonly source: Source;
  readonly onClose: () => void;
}

const WHICH = [
  { value: 'all', label: 'All of them' },
  { value: 'days', label: 'Those of some days' },
] as const;

export function ReplayForm({ source, onClose }: Props) {
  const { locale, now } = usePage();
  const today = dateIn('UTC', now);
  const [which, setWhich] = useState<'all' | 'days'>('all');
  const [days, setDays] = useState<Days>({ from: addDays(today, -7), through: today, zone: 'UTC' });
  const wrong = which === 'days' && daysProblem(days) !== null;
  const body = which === 'all' || wrong ? {} : rangeOf(days);
  const post = useOnce();
  const ask = useSending(
    (client) => post(client, `/v1/sources/${encodeURIComponent(source.name)}/replay`, body),
    ['/v1/jobs', '/v1/sources'],
    { said: 'It is asked for; what became of it stands below.', then: onClose },
  );
  return (
    <Dialog title={`Replay what ${source.title} set aside`} onClose={onClose}>
      <EditForm
        sending={ask}
        given={[which, days]}
        shown={which === 'days' ? ['from', 'to'] : []}
        action="Replay"
        doing="Asking…"
        wrong={wrong}
        checked
        onCancel={onClose}
      >
        <p>
          {number(source.rejected, locale.language)} {source.rejected === 1 ? 'record is' : 'records are'} read again by
          today’s reader. What is good now becomes rows, none twice; what is still bad stays set aside, with the reason.
        </p>
        <Segmented label="Which records" options={WHICH} value={which} onChange={setWhich} />
        {which === 'days' && (
          <DaysFields
            days={days}
            onChange={(part) => setDays({ ...days, ...part })}
            problem={ask.problem}
            max={today}
          />
        )}
      </EditForm>
    </Dialog>
  );
}
