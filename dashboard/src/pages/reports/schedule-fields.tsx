/** When a report is made by itself: every day, week or month, at an hour of a zone. */

import type { ApiProblem } from '../../api/client.ts';
import { usePage } from '../../shell/page.ts';
import { Field, problemOf } from '../../ui/form.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ZoneChooser } from '../../ui/zone-chooser.tsx';
import type { Cadence, Schedule } from './report.ts';

interface Props {
  readonly schedule: Schedule | null;
  readonly problem: ApiProblem | null;
  readonly onChange: (schedule: Schedule | null) => void;
}

export function ScheduleFields({ schedule, problem, onChange }: Props) {
  const { locale } = usePage();
  const first: Schedule = { cadence: 'weekly', hour: 8, zone: locale.zone, weekday: 1, day: 1 };
  const choose = (cadence: Cadence | 'never') =>
    onChange(cadence === 'never' ? null : { ...(schedule ?? first), cadence });
  return (
    <fieldset class="form-group">
      <legend>Made</legend>
      <Segmented
        label="Made"
        options={[
          { value: 'never', label: 'When asked' },
          { value: 'daily', label: 'Every day' },
          { value: 'weekly', label: 'Every week' },
          { value: 'monthly', label: 'Every month' },
        ]}
        value={schedule?.cadence ?? 'never'}
        onChange={choose}
      />
      {schedule && <When schedule={schedule} onChange={onChange} language={locale.language} />}
      {problemOf(problem, 'schedule') && <p class="field-problem">{problemOf(problem, 'schedule')}</p>}
    </fieldset>
  );
}

interface WhenProps {
  readonly schedule: Schedule;
  readonly language: string;
  readonly onChange: (schedule: Schedule) => void;
}

function When({ schedule, language, onChange }: WhenProps) {
  const set = (part: Partial<Schedule>) => onChange({ ...schedule, ...part });
  // 1 January 2024 was a Monday.
  const weekday = (day: number) =>
    new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));
  return (
    <>
      <div class="form-row">
        {schedule.cadence === 'weekly' && (
          <Choice
            label="Day of the week"
            value={schedule.weekday}
            from={1}
            to={7}
            words={weekday}
            onChange={(day) => set({ weekday: day })}
          />
        )}
        {schedule.cadence === 'monthly' && (
          <Choice
            label="Day of the month"
            value={schedule.day}
            from={1}
            to={31}
            words={String}
            onChange={(day) => set({ day })}
          />
        )}
        <Choice
          label="Hour"
          value={schedule.hour}
          from={0}
          to={23}
          words={(hour) => `${String(hour).padStart(2, '0')}:00`}
          onChange={(hour) => set({ hour })}
        />
      </div>
      <ZoneChooser
        zone={schedule.zone}
        chosen={null}
        onChoose={(zone) => set({ zone: zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone })}
      />
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly words: (value: number) => string;
  readonly onChange: (value: number) => void;
}

function Choice({ label, value, from, to, words, onChange }: ChoiceProps) {
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(Number(event.currentTarget.value))}>
          {Array.from({ length: to - from + 1 }, (_, at) => from + at).map((one) => (
            <option key={one} value={one}>
              {words(one)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
