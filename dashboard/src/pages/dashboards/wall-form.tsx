/** What a wall shows: this dashboard, others in turn, for how long each. */

import { useState } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { useParameters } from '../../state/address.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox, Field } from '../../ui/form.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { LIST_PATH, parseListed } from './dashboard.ts';
import { writeTurns } from './turns.ts';

const STAYS = ['15', '30', '60', '120', '300'];

export function WallForm({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const list = useQuery(LIST_PATH, parseListed);
  const [, setParameters] = useParameters();
  const [others, setOthers] = useState<readonly string[]>([]);
  const [turn, setTurn] = useState('');
  const start = () => {
    // Only now, while the click lasts, may a page ask for the whole screen; a refusal leaves it in its window.
    const root = document.documentElement;
    if ('requestFullscreen' in root) root.requestFullscreen().catch(() => undefined);
    setParameters(writeTurns(turn ? Number(turn) : others.length > 0 ? 60 : null, others));
  };
  const toggle = (other: string, on: boolean) =>
    setOthers((old) => (on ? [...old, other] : old.filter((one) => one !== other)));
  return (
    <Dialog title="On a wall" onClose={onClose}>
      <p class="muted">
        The whole screen, larger, without navigation; it keeps itself up to date and the screen awake. Its address can
        be opened on the wall’s own machine.
      </p>
      <Field label="Each screenful stays" hint="A dashboard longer than the screen is shown screenful by screenful.">
        {(control) => (
          <select {...control} value={turn} onChange={(event) => setTurn(event.currentTarget.value)}>
            <option value="">{others.length > 0 ? 'a minute' : 'until somebody scrolls'}</option>
            {STAYS.map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds} seconds
              </option>
            ))}
          </select>
        )}
      </Field>
      <fieldset class="wall-others">
        <legend>In turn with</legend>
        <Loaded answer={list}>
          {(rows) => (
            <>
              {rows
                .filter((row) => row.id !== id)
                .map((row) => (
                  <Checkbox
                    key={row.id}
                    label={<bdi class="cut-lines">{row.name}</bdi>}
                    checked={others.includes(row.id)}
                    onChange={(on) => toggle(row.id, on)}
                  />
                ))}
            </>
          )}
        </Loaded>
      </fieldset>
      <div class="buttons">
        <button type="button" class="button primary" onClick={start}>
          Start
        </button>
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
