/** Be quiet until then: a few instants that people mean at night, or one of their own. */

import { useState } from 'preact/hooks';
import { usePage } from '../../shell/page.ts';
import { instant } from '../../time/format.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, FormProblem, problemOf } from '../../ui/form.tsx';
import { useTell } from '../../ui/notices.tsx';
import { useSnooze } from './rule-actions.ts';
import type { Rule } from './rule.ts';
import { instantOfField, LONGEST_DAYS, snoozeChoices } from './snooze.ts';

interface Props {
  readonly rule: Rule;
  readonly onClose: () => void;
}

export function SnoozeDialog({ rule, onClose }: Props) {
  const { locale, now } = usePage();
  const tell = useTell();
  const snooze = useSnooze();
  const [field, setField] = useState('');
  const [missing, setMissing] = useState(false);
  const [choices] = useState(() => snoozeChoices(now, locale.zone));
  const until = async (at: Date) => {
    if (!(await snooze.run(rule, at))) return;
    tell(`Quiet until ${instant(at, locale, now)}.`);
    onClose();
  };
  return (
    <Dialog title="Snooze" onClose={onClose}>
      <p class="muted">
        Nothing is said of <bdi class="alerts-inline-name">{rule.name}</bdi> until then. It is looked at as before; what
        still is so afterwards is told then.
      </p>
      <div class="alerts-choices">
        {choices.map(({ label, until: at }) => (
          <button key={label} type="button" class="button" disabled={snooze.busy} onClick={() => void until(at)}>
            <span>{label}</span>
            <span class="hint">{instant(at, locale, now)}</span>
          </button>
        ))}
      </div>
      <form
        class="alerts-until"
        onSubmit={(event) => {
          event.preventDefault();
          const at = instantOfField(field, locale.zone);
          setMissing(at === null);
          if (at) void until(at);
        }}
      >
        <Field
          label="Until"
          hint={`By your clock (${locale.zone.replaceAll('_', ' ')}), at most ${LONGEST_DAYS} days ahead.`}
          problem={missing ? 'Choose a day and a time.' : problemOf(snooze.problem, 'until')}
        >
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={field}
              onInput={(event) => setField(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="button" disabled={snooze.busy}>
          Snooze until then
        </button>
      </form>
      <FormProblem problem={snooze.problem} shown={['until']} />
    </Dialog>
  );
}
