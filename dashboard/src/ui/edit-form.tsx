/** A form that is sent to the API: what is wrong stands over its buttons, and what is typed in it is not lost unasked. */

import type { ComponentChildren } from 'preact';
import { ChangedMeanwhile, type Meanwhile } from './changed-meanwhile.tsx';
import { Buttons, FormProblem } from './form.tsx';
import type { Sending } from './sending.ts';
import { useChanged, useUnsaved } from './unsaved.ts';

interface Props {
  readonly sending: Sending;
  /** All that can be typed and chosen in it. */
  readonly given: unknown;
  /** The fields that show by themselves what is wrong with them. */
  readonly shown: readonly string[];
  /** What it does: `Save`; and what it says while it does: `Saving…`. Null: there is nothing to send. */
  readonly action: string | null;
  readonly doing?: string;
  /** There is something wrong that needs no answer of the API. */
  readonly wrong?: boolean;
  /** The browser looks at `required` and the like before it is sent. */
  readonly checked?: boolean;
  /** The parameter of the address that opens it. */
  readonly openedBy?: string;
  readonly meanwhile?: Meanwhile | null;
  /** What else can be done, beside its buttons. */
  readonly other?: ComponentChildren;
  readonly onCancel: () => void;
  readonly children: ComponentChildren;
}

export function EditForm(props: Props) {
  const { sending, given, shown, action, doing, wrong, checked, openedBy, meanwhile, other, onCancel, children } =
    props;
  const { busy, done, problem } = sending;
  useUnsaved(useChanged(given) && !busy && !done, openedBy);
  return (
    <form
      class="form"
      noValidate={!checked}
      onSubmit={(event) => {
        event.preventDefault();
        if (action && !wrong) sending.send();
      }}
    >
      {children}
      {problem?.status === 412 && meanwhile ? (
        <ChangedMeanwhile refused={problem} {...meanwhile} />
      ) : (
        <FormProblem problem={problem} shown={shown} />
      )}
      <Buttons>
        {action && (
          <button type="submit" class="button primary" disabled={busy || (wrong ?? false)}>
            {busy && doing ? doing : action}
          </button>
        )}
        {other}
        <button type="button" class="button" onClick={onCancel}>
          Cancel
        </button>
      </Buttons>
    </form>
  );
}
