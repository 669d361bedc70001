/** When something comes by itself: on which day of the week or the month, at which hour, by whose clock. */

import { usePage } from '../shell/page.ts';
import { ALL_DAYS, dayName, hourName } from '../time/clock.ts';
import { ChoiceField } from './fields.tsx';
import { ZoneChooser } from './zone-chooser.tsx';

export interface Clock {
  readonly weekday: number;
  readonly hour: number;
  readonly zone: string;
  /** Of the month. */
  readonly day?: number;
}

interface Props {
  readonly cadence: 'daily' | 'weekly' | 'monthly';
  readonly clock: Clock;
  readonly hint?: string;
  /** What is wrong with one of them. */
  readonly fault: (name: keyof Clock) => string | null;
  readonly onChange: (part: Partial<Clock>) => void;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const DAYS = Array.from({ length: 31 }, (_, at) => at + 1);
const options = (values: readonly number[], words: (value: number) => string) =>
  values.map((value) => ({ value: String(value), label: words(value) }));

export function ClockFields({ cadence, clock, hint, fault, onChange }: Props) {
  const { locale } = usePage();
  const { language } = locale;
  return (
    <div class="form-row">
      {cadence === 'weekly' && (
        <ChoiceField
          label="Day of the week"
          name="weekday"
          problem={fault('weekday')}
          value={String(clock.weekday)}
          options={options(ALL_DAYS, (day) => dayName(day, language, 'long'))}
          onChoose={(weekday) => onChange({ weekday: Number(weekday) })}
        />
      )}
      {cadence === 'monthly' && (
        <ChoiceField
          label="Day of the month"
          name="day"
          problem={fault('day')}
          value={String(clock.day ?? 1)}
          options={options(DAYS, String)}
          onChoose={(day) => onChange({ day: Number(day) })}
        />
      )}
      <ChoiceField
        label="Hour"
        name="hour"
        hint={hint}
        problem={fault('hour')}
        value={String(clock.hour)}
        options={options(HOURS, (hour) => hourName(hour, language))}
        onChoose={(hour) => onChange({ hour: Number(hour) })}
      />
      <ZoneChooser zone={clock.zone} chosen={null} onChoose={(zone) => onChange({ zone: zone ?? locale.zone })} />
    </div>
  );
}
