/** When a report is made by itself: every day, week or month, at an hour of a zone. */

import type { ApiProblem } from '../../api/client.ts';
import { usePage } from '../../shell/page.ts';
import { ClockFields } from '../../ui/clock-fields.tsx';
import { problemOf } from '../../ui/form.tsx';
import { Segmented } from '../../ui/segmented.tsx';
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
      {schedule && (
        <ClockFields
          cadence={schedule.cadence}
          clock={schedule}
          fault={(name) => problemOf(problem, `schedule.${name}`)}
          onChange={(part) => onChange({ ...schedule, ...part })}
        />
      )}
      {problemOf(problem, 'schedule') && <p class="field-problem">{problemOf(problem, 'schedule')}</p>}
    </fieldset>
  );
}
