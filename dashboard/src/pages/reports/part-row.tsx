/** One part of a report while it is edited: its title, what it asks, and its place among the others. */

import type { Json } from '../../api/json.ts';
import { text } from '../../api/json.ts';
import { viewerZone } from '../../time/zones.ts';
import { Close, Down, Up } from '../../ui/icons.tsx';
import { ValuesFields } from './values-fields.tsx';
import { type Known, LONGEST_TITLE, partAddress, partWords } from './parts.ts';

interface Props {
  readonly part: Json;
  readonly at: number;
  readonly of: number;
  readonly known: Known;
  readonly problem: string | null;
  readonly onChange: (part: Json) => void;
  /** `by`: the control that is to have the focus again at the new place. */
  readonly onMove: (to: number, by: string) => void;
  readonly onRemove: () => void;
}

export function PartRow({ part, at, of, known, problem, onChange, onMove, onRemove }: Props) {
  const title = text(part.title);
  const query = known.saved.get(text(part.saved_query));
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
    if (by === undefined) return;
    event.preventDefault();
    const { target } = event;
    const control = target instanceof HTMLElement ? target.dataset.part : undefined;
    if (at + by >= 0 && at + by < of) onMove(at + by, control ?? 'title');
  };
  return (
    <li class="report-part" data-at={at} onKeyDown={onKeyDown}>
      <span class="report-place" aria-hidden="true">
        {at + 1}
      </span>
      <div class="report-asked">
        <input
          data-part="title"
          dir="auto"
          maxLength={LONGEST_TITLE}
          aria-label={`Title of part ${at + 1}`}
          aria-invalid={problem ? true : undefined}
          value={title}
          onInput={(event) => onChange({ ...part, title: event.currentTarget.value })}
        />
        <AskedWords part={part} known={known} />
        {query && <ValuesFields part={part} query={query} onChange={onChange} />}
        {problem && <p class="field-problem">{problem}</p>}
      </div>
      <div class="report-tools" role="group" aria-label={`Part ${at + 1}: ${title}`}>
        <button
          type="button"
          class="icon-button"
          data-part="up"
          disabled={at === 0}
          aria-label={`Move ${title} up`}
          title="Up (Alt and ↑)"
          onClick={() => onMove(at - 1, 'up')}
        >
          <Up />
        </button>
        <button
          type="button"
          class="icon-button"
          data-part="down"
          disabled={at === of - 1}
          aria-label={`Move ${title} down`}
          title="Down (Alt and ↓)"
          onClick={() => onMove(at + 1, 'down')}
        >
          <Down />
        </button>
        <button type="button" class="icon-button" aria-label={`Remove ${title}`} title="Remove" onClick={onRemove}>
          <Close />
        </button>
      </div>
    </li>
  );
}

/** What a part asks, and where its numbers can be looked at now. */
export function AskedWords({ part, known }: Pick<Props, 'part' | 'known'>) {
  const address = partAddress(part, viewerZone());
  return (
    <p class="form-hint report-words">
      <bdi>{partWords(part, known)}</bdi>{' '}
      {address && (
        <a href={address} target="_blank" rel="noopener">
          Open in Explore<span class="hidden"> (in a new tab): {text(part.title)}</span>
        </a>
      )}
    </p>
  );
}
