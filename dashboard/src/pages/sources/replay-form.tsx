/** Have what was set aside read again, by today's reader. */

import { useState } from 'preact/hooks';
import { useAction } from '../../api/query.ts';
import type { Source } from '../../api/shapes.ts';
import { usePage } from '../../shell/page.ts';
import { number } from '../../time/format.ts';
import { addDays, dateIn } from '../../time/zones.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Buttons, FormProblem } from '../../ui/form.tsx';
import { useTell } from '../../ui/notices.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { DaysFields } from './days-fields.tsx';
import { type Days, daysProblem, rangeOf } from './range.ts';
import { useIdempotencyKey } from './use-key.ts';

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
  const tell = useTell();
  const today = dateIn('UTC', now);
  const [which, setWhich] = useState<'all' | 'days'>('all');
  const [days, setDays] = useState<Days>({ from: addDays(today, -7), through: today, zone: 'UTC' });
  const wrong = which === 'days' && daysProblem(days) !== null;
  const body = which === 'all' || wrong ? {} : rangeOf(days);
  // Asked for twice on purpose it is another replay: the key is of this opening of the form.
  const [opened] = useState(() => crypto.randomUUID());
  const key = useIdempotencyKey({ ...body, opened });
  const ask = useAction(
    (client) =>
      client.change({
        method: 'POST',
        path: `/v1/sources/${encodeURIComponent(source.name)}/replay`,
        body,
        idempotencyKey: key,
      }),
    ['/v1/jobs', '/v1/sources'],
  );
  return (
    <Dialog title={`Replay what ${source.title} set aside`} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (wrong) return;
          void ask.run().then((done) => {
            if (!done) return;
            tell('It is asked for; what became of it stands below.');
            onClose();
          });
        }}
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
        <FormProblem problem={ask.problem} shown={which === 'days' ? ['from', 'to'] : []} />
        <Buttons>
          <button type="submit" class="button primary" disabled={ask.busy || wrong}>
            {ask.busy ? 'Asking…' : 'Replay'}
          </button>
          <button type="button" class="button" onClick={onClose}>
            Close
          </button>
        </Buttons>
      </form>
    </Dialog>
  );
}
