/** What can be done with a dashboard that is edited: add, step back and forth, save. */

import { Back, Forth, Plus } from '../../ui/icons.tsx';
import { type Draft, MOST_WIDGETS, type Step } from './draft.ts';

interface Props {
  readonly name: string;
  readonly draft: Draft;
  readonly dirty: boolean;
  readonly busy: boolean;
  readonly act: (step: Step) => void;
  readonly onAdd: () => void;
  readonly onLeave: () => void;
  readonly onSave: () => void;
}

export function EditHead({ name, draft, dirty, busy, act, onAdd, onLeave, onSave }: Props) {
  return (
    <header class="edit-head">
      <h1 class="hidden">Edit {name}</h1>
      <div class="buttons" role="toolbar" aria-label="Edit the dashboard">
        <button
          type="button"
          id="add-widget"
          class="button"
          disabled={draft.now.widgets.length >= MOST_WIDGETS}
          onClick={onAdd}
        >
          <Plus /> Add a widget
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Undo"
          title="Undo (Ctrl+Z)"
          disabled={draft.past.length === 0}
          onClick={() => act({ do: 'undo' })}
        >
          <Back />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Redo"
          title="Redo (Ctrl+Y)"
          disabled={draft.future.length === 0}
          onClick={() => act({ do: 'redo' })}
        >
          <Forth />
        </button>
      </div>
      <div class="buttons">
        <span class="muted">{dirty ? 'Not saved yet' : 'Nothing to save'}</span>
        <button type="button" class="button" onClick={onLeave}>
          {dirty ? 'Look at what is kept' : 'Done'}
        </button>
        <button type="button" class="button primary" disabled={!dirty || busy} onClick={onSave}>
          {busy ? 'Saving…' : 'Save'}
        </button>
      </div>
    </header>
  );
}
