/** Hours of weekdays in which nothing is said. */

import { usePage } from '../../shell/page.ts';
import { Panel } from '../../ui/panel.tsx';
import { ZoneField } from './form-look.tsx';
import type { PartProps } from './form-part.ts';
import type { MuteWindow } from './rule.ts';
import { ALL_DAYS, dayName } from '../../time/clock.ts';

const MOST = 10;

export function MutePart({ draft, set, fault }: PartProps) {
  const { locale } = usePage();
  const change = (at: number, window: MuteWindow) =>
    set({ mute: draft.mute.map((old, index) => (index === at ? window : old)) });
  const night: MuteWindow = { weekdays: [...ALL_DAYS], from: '22:00', until: '07:00', zone: locale.zone };
  const problem = fault('mute');
  return (
    <Panel
      title="When to be quiet"
      note="It is looked at as before; what still is so afterwards is told then."
      tools={
        <button
          type="button"
          class="button"
          disabled={draft.mute.length >= MOST}
          onClick={() => set({ mute: [...draft.mute, night] })}
        >
          Add quiet hours
        </button>
      }
    >
      {draft.mute.length === 0 && <p class="muted">Never: it speaks at any hour.</p>}
      {draft.mute.map((window, at) => (
        <Window
          key={at}
          window={window}
          number={at + 1}
          onChange={(next) => change(at, next)}
          onRemove={() => set({ mute: draft.mute.filter((_, index) => index !== at) })}
        />
      ))}
      {problem && <p class="field-problem">{problem}</p>}
    </Panel>
  );
}

interface WindowProps {
  readonly window: MuteWindow;
  readonly number: number;
  readonly onChange: (window: MuteWindow) => void;
  readonly onRemove: () => void;
}

function Window({ window, number, onChange, onRemove }: WindowProps) {
  const { locale } = usePage();
  const { weekdays, from, until, zone } = window;
  const toggle = (day: number, on: boolean) =>
    onChange({ ...window, weekdays: on ? [...weekdays, day].sort() : weekdays.filter((one) => one !== day) });
  return (
    <fieldset class="alerts-mute">
      <legend class="hidden">Quiet hours {number}</legend>
      <div class="alerts-days">
        {ALL_DAYS.map((day) => (
          <label key={day} class="alerts-day">
            <input
              class="unseen"
              type="checkbox"
              checked={weekdays.includes(day)}
              aria-label={dayName(day, locale.language, 'long')}
              onChange={(event) => toggle(day, event.currentTarget.checked)}
            />
            <span>{dayName(day, locale.language)}</span>
          </label>
        ))}
      </div>
      <div class="form-row">
        <label class="form-field">
          <span class="form-label">From</span>
          <input
            type="time"
            value={from}
            onInput={(event) => onChange({ ...window, from: event.currentTarget.value })}
          />
        </label>
        <label class="form-field">
          <span class="form-label">Until{from > until ? ' (next day)' : ''}</span>
          <input
            type="time"
            value={until}
            onInput={(event) => onChange({ ...window, until: event.currentTarget.value })}
          />
        </label>
        <ZoneField
          zone={zone}
          label="By the clocks of"
          problem={null}
          onChoose={(next) => onChange({ ...window, zone: next })}
        />
      </div>
      <div>
        <button type="button" class="link" onClick={onRemove}>
          Take these out<span class="hidden">: quiet hours {number}</span>
        </button>
      </div>
    </fieldset>
  );
}
