/** Any IANA time zone, the viewer's first. */

import { useCallback, useMemo } from 'preact/hooks';
import { allZones, offsetLabel, viewerZone } from '../time/zones.ts';
import { Combobox } from './combobox.tsx';

interface Props {
  readonly zone: string;
  /** Null: the viewer's own. */
  readonly chosen: string | null;
  readonly onChoose: (zone: string | null) => void;
}

export function ZoneChooser({ zone, chosen, onChoose }: Props) {
  const viewer = useMemo(viewerZone, []);
  // The offsets of some four hundred zones take the browser longer than the rest of the page.
  const choices = useCallback(() => {
    const now = new Date();
    const others = allZones().filter((name) => name !== viewer);
    return [viewer, ...others].map((name) => ({
      value: name,
      label: name.replaceAll('_', ' '),
      hint: `${offsetLabel(name, now)}${name === viewer ? ', yours' : ''}`,
    }));
  }, [viewer]);
  return (
    <div class="field zone">
      <span aria-hidden="true">Zone</span>
      <Combobox
        label="Time zone"
        shown={zone.replaceAll('_', ' ')}
        choices={choices}
        nothing="No time zone is called that."
        onChoose={(name) => onChoose(name === viewer ? null : name)}
      />
      {chosen && (
        <button type="button" class="link" onClick={() => onChoose(null)}>
          Use mine
        </button>
      )}
    </div>
  );
}
